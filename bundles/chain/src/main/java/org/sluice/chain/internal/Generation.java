package org.sluice.chain.internal;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The filters of one moment, in order; transactions pin it while they last. */
final class Generation {
  private final List<Filter> filters;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition free = lock.newCondition();
  private int users;

  Generation(List<Filter> filters) {
    this.filters = filters.stream().sorted().toList();
  }

  List<Filter> filters() {
    return filters;
  }

  <T> List<Filter> of(Class<T> stage, String protocol) {
    return filters.isEmpty()
        ? List.of()
        : filters.stream()
            .filter(f -> stage.isInstance(f.service()) && f.serves(protocol))
            .toList();
  }

  void pin() {
    lock.lock();
    try {
      users++;
    } finally {
      lock.unlock();
    }
  }

  void release() {
    lock.lock();
    try {
      users--;
      free.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until nobody uses it; false if the time is up first. */
  boolean await(long millis) {
    long left = TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lock();
    try {
      while (users > 0 && left > 0) {
        left = free.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return users == 0;
  }
}
