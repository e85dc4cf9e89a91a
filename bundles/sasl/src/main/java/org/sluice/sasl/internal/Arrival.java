package org.sluice.sasl.internal;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Waits for what is just being started or replaced, so that nobody is refused in between. Waiting
 * is over a while after the last one has left: then there is none to come. Thread-safe.
 */
final class Arrival {
  private final Duration grace;
  private final BooleanSupplier there;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long absentSince = System.nanoTime();

  /**
   * @param there whether it is there now
   */
  Arrival(Duration grace, BooleanSupplier there) {
    this.grace = grace;
    this.there = there;
  }

  /** Something came or left. */
  void changed() {
    lock.lock();
    try {
      absentSince = System.nanoTime();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns when it is there, or will not be soon. */
  void await() throws InterruptedException {
    if (there.getAsBoolean()) {
      return;
    }
    lock.lockInterruptibly();
    try {
      long left = grace.toNanos() - (System.nanoTime() - absentSince);
      while (!there.getAsBoolean() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
