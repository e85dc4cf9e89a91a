package org.sluice.net.internal;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.sluice.api.program.ExitCode;

/** What has become of the connections of a listener since it began. Thread-safe. */
final class Tally {
  private static final double SECOND = 1e9;

  private final AtomicInteger now = new AtomicInteger();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder denied = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  /** A connection has its place. */
  void began() {
    now.incrementAndGet();
    accepted.increment();
  }

  /** A connection got no place: its address has its share, or comes too often. */
  void refused() {
    refused.increment();
  }

  /**
   * A connection has ended.
   *
   * @param status 0; 100 if its client was denied, anything else if something failed
   * @param lasted nanoseconds
   */
  void ended(int status, long lasted) {
    now.decrementAndGet();
    nanos.add(lasted);
    if (status == ExitCode.PERMANENT) {
      denied.increment();
    } else if (status != ExitCode.OK) {
      failed.increment();
    }
  }

  /** Names and numbers; {@code seconds} is what all that have ended have taken together. */
  @Override
  public String toString() {
    return "now=%d accepted=%d refused=%d denied=%d failed=%d seconds=%.1f"
        .formatted(
            now.get(),
            accepted.sum(),
            refused.sum(),
            denied.sum(),
            failed.sum(),
            nanos.sum() / SECOND);
  }
}
