package org.sluice.net.internal;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Counts connections: in all, and from each {@link ClientNetwork}. Thread-safe. */
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
  private final ConcurrentHashMap<Object, Integer> counts = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private int limit;
  private volatile int perAddress;

  /**
   * @param perAddress 0 for any number
   */
  Slots(int limit, int perAddress) {
    this.free = new Free(limit);
    this.limit = limit;
    this.perAddress = perAddress;
  }

  /** Changes the limits; what is taken stays taken, and counts. */
  void limits(int limit, int perAddress) {
    lock.lock();
    try {
      free.change(limit - this.limit);
      this.limit = limit;
      this.perAddress = perAddress;
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

  /** Counts a connection from an address; false if it has its share already. */
  boolean admit(InetAddress address) {
    // Counted without a limit too, for there may be one before this connection ends. Only a count
    // that grew past the limit is taken back, so no state is kept for refused ones.
    int count = counts.merge(ClientNetwork.of(address), 1, Integer::sum);
    if (perAddress == 0 || count <= perAddress) {
      return true;
    }
    leave(address);
    return false;
  }

  /** Takes an admitted connection off the count of its address. */
  void leave(InetAddress address) {
    counts.computeIfPresent(
        ClientNetwork.of(address), (key, count) -> count == 1 ? null : count - 1);
  }
}
