package org.sluice.queue.internal;

import java.util.concurrent.atomic.AtomicInteger;

/** How many deliveries of a channel run, and how many may. */
final class Slots {
  private final AtomicInteger busy = new AtomicInteger();
  private final Pace pace;
  private volatile int limit;

  Slots(Pace pace) {
    this.pace = pace;
  }

  void limit(long value) {
    limit = (int) Math.max(0, Math.min(65_000, value));
  }

  int limit() {
    return limit;
  }

  int busy() {
    return busy.get();
  }

  /** How many may begin now. */
  int free() {
    int free = limit - busy.get();
    return free <= 0 ? free : Math.min(free, pace.free());
  }

  /** Whether some may not begin only because of the pace, which changes by itself. */
  boolean paced() {
    return busy.get() < limit && pace.free() == 0;
  }

  /** Only the dispatcher takes slots, so a free one cannot be lost in between. */
  Slot take() {
    busy.incrementAndGet();
    pace.take();
    return new Slot();
  }

  /** One that is taken. */
  final class Slot {
    private Slot() {}

    /** Gives it back, once; whether somebody may have waited for that. */
    boolean release() {
      return busy.getAndDecrement() >= limit;
    }
  }

  /** As the log shows it. */
  @Override
  public String toString() {
    return busy() + "/" + limit;
  }
}
