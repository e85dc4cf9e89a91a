package org.sluice.base;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A service that extends a protocol's dialogue, and the sessions that have it. Thread-safe.
 *
 * @param <E> the service's interface
 */
public final class Extension<E> {
  private final long id;
  private final int ranking;
  private final String name;
  private final E service;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition free = lock.newCondition();
  private final Set<SessionExtensions<E, ?>> sessions = new HashSet<>();
  private boolean removed;

  /**
   * @param id service.id
   * @param ranking service.ranking
   * @param name by which listeners may demand it; empty if it has none
   */
  public Extension(long id, int ranking, String name, E service) {
    this.id = id;
    this.ranking = ranking;
    this.name = name;
    this.service = service;
  }

  /** Higher ranking first, then the older service, as everywhere in OSGi. */
  static <E> Comparator<Extension<E>> order() {
    return Comparator.comparingInt((Extension<E> e) -> e.ranking)
        .reversed()
        .thenComparingLong(e -> e.id);
  }

  /** By which listeners may demand it; empty if it has none. */
  public String name() {
    return name;
  }

  /** The service itself. */
  public E service() {
    return service;
  }

  /** The sessions that have it now. */
  public List<SessionExtensions<E, ?>> sessions() {
    lock.lock();
    try {
      return List.copyOf(sessions);
    } finally {
      lock.unlock();
    }
  }

  /** From now on no session gets it. */
  public void remove() {
    lock.lock();
    try {
      removed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Enters a session; false if the extension has been removed meanwhile. */
  boolean pin(SessionExtensions<E, ?> session) {
    lock.lock();
    try {
      return !removed && sessions.add(session);
    } finally {
      lock.unlock();
    }
  }

  void release(SessionExtensions<E, ?> session) {
    lock.lock();
    try {
      sessions.remove(session);
      free.signalAll();
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
