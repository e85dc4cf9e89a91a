package org.sluice.net.internal;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Counts connections. Thread-safe. */
final class Slots {
  /** How many are free; less than none after the limit has become smaller than what is taken. */
  private static final class Free extends Semaphore {
    private static final long serialVersionUID = 1L;

    Free(int limit) {
      super(limit);
    }

    void change(int more) {
      if (more > 0) {
        release(more);
      } else {
        reducePermits(-more);
      }
    }
  }

  private final Free free;
  private final ReentrantLock lock = new ReentrantLock();
  private int limit;

  /**
   * @param limit connections at the same time
   */
  Slots(int limit) {
    this.free = new Free(limit);
    this.limit = limit;
  }

  /** Changes the limit; what is taken stays taken, and counts. */
  void limit(int limit) {
    lock.lock();
    try {
      free.change(limit - this.limit);
      this.limit = limit;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a slot; false if there was none in time. */
  boolean acquire(Duration wait) throws InterruptedException {
    return free.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether somebody waits in {@link #acquire} just now. Any thread may ask. */
  boolean awaited() {
    return free.hasQueuedThreads();
  }

  /** Gives a slot back. */
  void release() {
    free.release();
  }
}
