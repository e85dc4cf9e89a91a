package org.sluice.listeners.smtp.internal;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.api.smtp.SmtpExtension;

/** An extension service and the sessions that have it. */
final class Extension {
  /** Higher ranking first, then the older service, as everywhere in OSGi. */
  static final Comparator<Extension> ORDER =
      Comparator.comparingInt((Extension e) -> e.ranking).reversed().thenComparingLong(e -> e.id);

  private final long id;
  private final int ranking;
  private final String name;
  private final SmtpExtension service;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition free = lock.newCondition();
  private final Set<Hooks> sessions = new HashSet<>();
  private boolean removed;

  Extension(long id, int ranking, String name, SmtpExtension service) {
    this.id = id;
    this.ranking = ranking;
    this.name = name;
    this.service = service;
  }

  String name() {
    return name;
  }

  SmtpExtension service() {
    return service;
  }

  /** Enters a session; false if the extension has been removed meanwhile. */
  boolean pin(Hooks session) {
    lock.lock();
    try {
      return !removed && sessions.add(session);
    } finally {
      lock.unlock();
    }
  }

  void release(Hooks session) {
    lock.lock();
    try {
      sessions.remove(session);
      free.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** From now on no session pins it. */
  void remove() {
    lock.lock();
    try {
      removed = true;
    } finally {
      lock.unlock();
    }
  }

  List<Hooks> sessions() {
    lock.lock();
    try {
      return List.copyOf(sessions);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no session has it; false if the time is up first. */
  boolean await(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lockInterruptibly();
    try {
      while (!sessions.isEmpty() && left > 0) {
        left = free.awaitNanos(left);
      }
      return sessions.isEmpty();
    } finally {
      lock.unlock();
    }
  }
}
