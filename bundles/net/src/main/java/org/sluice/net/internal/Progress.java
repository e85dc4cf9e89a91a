package org.sluice.net.internal;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How fast a client is: the octets it sent and took in the time that its session waited for it. The
 * time in which the server works, with no read or write under way, does not count: who waits for
 * the server is not slow. A write counts when it is over, block by block of {@link SessionOutput}.
 *
 * <p>{@link #waits} and {@link #moved} belong to the session's thread and take no lock; should two
 * threads use one connection, less waiting is seen than there was. {@link #rate} belongs to the
 * watchdog's thread. Any thread may ask for the rest.
 */
final class Progress {
  private static final double SECOND = 1e9;
  private static final long NO_WAIT = Long.MIN_VALUE;

  private final LongSupplier nanos;
  private final AtomicLong octets = new AtomicLong();
  private final AtomicLong waited = new AtomicLong();
  private final AtomicLong since = new AtomicLong(NO_WAIT);
  private volatile boolean counts;
  private long markOctets;
  private long markWaited;
  private double last = Double.POSITIVE_INFINITY;

  /**
   * @param nanos a clock like {@link System#nanoTime}
   */
  Progress(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** From now on it counts. Once, with no wait under way. */
  void begin() {
    octets.setRelease(0);
    waited.setRelease(0);
    counts = true;
  }

  /** From now on the client is not called slow, however slow it is. */
  void end() {
    counts = false;
  }

  /**
   * A read or a write begins.
   *
   * @return when, by the clock
   */
  long waits() {
    long now = nanos.getAsLong();
    since.setRelease(now);
    return now;
  }

  /**
   * It is over.
   *
   * @param start what {@link #waits} returned
   * @param count how many octets it has moved; less than 0 for none
   */
  void moved(long start, int count) {
    // In this order nobody who looks meanwhile sees a wait twice, or one without its octets.
    since.setRelease(NO_WAIT);
    octets.setRelease(octets.getPlain() + Math.max(0, count));
    waited.setRelease(waited.getPlain() + nanos.getAsLong() - start);
  }

  /** How long the wait under way has lasted, in nanoseconds; less than 0 if none is. */
  long waiting(long now) {
    long start = since.getAcquire();
    return start == NO_WAIT ? -1 : Math.max(0, now - start);
  }

  /**
   * The octets a second of the last window; more as soon as so many have come since that the
   * present window is going to be better. Infinite until the first window is over.
   *
   * @param now by the clock
   * @param window the nanoseconds of waiting after which the next window begins
   */
  double rate(long now, long window) {
    if (!counts) {
      return Double.POSITIVE_INFINITY;
    }
    long wait = waited.getAcquire();
    wait += Math.max(0, waiting(now));
    long moved = octets.getAcquire();
    long gathered = wait - markWaited;
    if (gathered >= window) {
      last = (moved - markOctets) * SECOND / gathered;
      markOctets = moved;
      markWaited = wait;
    }
    return Math.max(last, (moved - markOctets) * SECOND / window);
  }
}
