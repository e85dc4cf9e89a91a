package org.sluice.net.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.net.ConnectionHandler;

/** The handlers of one protocol, the one to use first. They come and go while sessions run. */
final class Handlers {
  private static final Logger LOG = LoggerFactory.getLogger(Handlers.class);

  /** The octets of a refusal, which is a line: what the empty buffer of a new connection takes. */
  private static final int MOST = 1000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<BoundHandler> bound = new ArrayList<>();
  private final Repeated refusing = new Repeated();
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

  /**
   * What the first handler tells a client that is turned away; empty if there is none, or if it
   * fails: that is logged, once in a row. Never more than a new connection takes at once.
   */
  byte[] refusal() {
    try {
      // Not under the lock, which the next client needs: this is somebody else's code.
      String text = first().map(h -> Objects.requireNonNull(h.refusal(), "refusal")).orElse("");
      refusing.over();
      return text.substring(0, Math.min(MOST, text.length())).getBytes(ISO_8859_1);
    } catch (Throwable e) { // also a class of the plugin that is gone
      if (refusing.isNew(e)) {
        LOG.warn("no refusal from a handler, closing without a word", e);
      }
      return new byte[0];
    }
  }

  private Optional<ConnectionHandler> first() {
    lock.lock();
    try {
      return bound.stream().findFirst().map(BoundHandler::handler);
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
