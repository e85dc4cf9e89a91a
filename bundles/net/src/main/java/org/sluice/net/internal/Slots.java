package org.sluice.net.internal;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Counts connections: in all, and from each {@link ClientNetwork}. */
final class Slots {
  private final Semaphore free;
  private final int perAddress;
  private final ConcurrentHashMap<Object, Integer> counts = new ConcurrentHashMap<>();

  Slots(int limit, int perAddress) {
    this.free = new Semaphore(limit);
    this.perAddress = perAddress;
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
    if (perAddress == 0) {
      return true;
    }
    // Only a count that grew past the limit is taken back, so no state is kept for refused ones.
    if (counts.merge(ClientNetwork.of(address), 1, Integer::sum) <= perAddress) {
      return true;
    }
    leave(address);
    return false;
  }

  /** Takes an admitted connection off the count of its address. */
  void leave(InetAddress address) {
    if (perAddress > 0) {
      counts.computeIfPresent(
          ClientNetwork.of(address), (key, count) -> count == 1 ? null : count - 1);
    }
  }
}
