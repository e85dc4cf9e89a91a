package org.sluice.queue.internal;

import java.util.concurrent.atomic.AtomicInteger;

/** How many deliveries of a channel run, and how many may. */
final class Slots {
  private final AtomicInteger busy = new AtomicInteger();
  private volatile int limit;

  void limit(long value) {
    limit = (int) Math.max(0, Math.min(65_000, value));
  }

  int limit() {
    return limit;
  }

  int busy() {
    return busy.get();
  }

  int free() {
    return limit - busy.get();
  }

  /** Only the dispatcher takes slots, so a free one cannot be lost in between. */
  void take() {
    busy.incrementAndGet();
  }

  /** Gives one back; whether there was none free before, so that somebody may want it. */
  boolean release() {
    return busy.getAndDecrement() >= limit;
  }

  /** As the log shows it. */
  @Override
  public String toString() {
    return busy() + "/" + limit;
  }
}
