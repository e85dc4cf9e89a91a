package org.sluice.base;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Lets something be said once a period however often it happens. Thread-safe; throws nothing. */
public final class Period {
  private final long nanos;
  private final LongSupplier nanoTime;
  private final AtomicLong next;

  /**
   * The first period begins with the first call of {@link #begins}.
   *
   * @param nanoTime a clock like {@link System#nanoTime}
   */
  public Period(Duration length, LongSupplier nanoTime) {
    this.nanos = length.toNanos();
    this.nanoTime = nanoTime;
    this.next = new AtomicLong(nanoTime.getAsLong());
  }

  /** Whether this is the first time in a period, which begins now. */
  public boolean begins() {
    long now = nanoTime.getAsLong();
    long due = next.get();
    return now - due >= 0 && next.compareAndSet(due, now + nanos);
  }
}
