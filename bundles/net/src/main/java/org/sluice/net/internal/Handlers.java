package org.sluice.net.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.api.net.ConnectionHandler;

/** The handlers of one protocol, the one to use first. They come and go while sessions run. */
final class Handlers {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<BoundHandler> bound = new ArrayList<>();
  private boolean closed;

  /** Highest ranking first, then the oldest service, as everywhere in OSGi. */
  private static final Comparator<BoundHandler> ORDER =
      Comparator.comparingInt(BoundHandler::ranking).reversed().thenComparingLong(BoundHandler::id);

  /** Adds a service; new sessions use it if it is the first in order. */
  void add(long id, int ranking, ConnectionHandler handler) {
    lock.lock();
    try {
      bound.add(new BoundHandler(id, ranking, handler, new Roster()));
      bound.sort(ORDER);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Changes the ranking of a service that is here; its sessions stay with it. */
  boolean rank(long id, int ranking) {
    lock.lock();
    try {
      for (int i = 0; i < bound.size(); i++) {
        var old = bound.get(i);
        if (old.id() == id) {
          bound.set(i, new BoundHandler(id, ranking, old.handler(), old.sessions()));
          bound.sort(ORDER);
          return true;
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** From now on no session starts with this service; returns those that still use it. */
  Roster remove(long id) {
    lock.lock();
    try {
      for (var handler : bound) {
        if (handler.id() == id) {
          bound.remove(handler);
          return handler.sessions();
        }
      }
      return new Roster();
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is a handler, or one came within the time. */
  boolean await(Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      return awaitFirst(limit) != null;
    } finally {
      lock.unlock();
    }
  }

  /** Enters the session with the first handler; null if none came in time. */
  BoundHandler lease(Session session, Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      var first = awaitFirst(limit);
      if (first != null) {
        // Under the lock: remove() must see either the session or no use of the handler.
        first.sessions().add(session);
      }
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** What the first handler tells a client that is turned away; empty if there is none. */
  String refusal() {
    lock.lock();
    try {
      return bound.isEmpty() ? "" : bound.get(0).handler().refusal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waiting; nothing is leased any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private BoundHandler awaitFirst(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    while (bound.isEmpty() && !closed && left > 0) {
      left = changed.awaitNanos(left);
    }
    return bound.isEmpty() || closed ? null : bound.get(0);
  }
}
