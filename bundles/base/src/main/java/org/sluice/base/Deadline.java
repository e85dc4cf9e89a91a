package org.sluice.base;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The end of the time that a connection has in all, whatever its peer does. */
public final class Deadline {
  private final InstantSource clock;
  private final Instant end;

  /** Begins now. */
  public Deadline(InstantSource clock, Duration limit) {
    this.clock = clock;
    this.end = clock.instant().plus(limit);
  }

  /**
   * How long the next read may wait.
   *
   * @param most at most this
   * @throws SocketTimeoutException if the time is over
   */
  public Duration left(Duration most) throws SocketTimeoutException {
    Duration left = Duration.between(clock.instant(), end);
    if (left.isNegative() || left.isZero()) {
      throw new SocketTimeoutException("the connection has had all its time");
    }
    return left.compareTo(most) < 0 ? left : most;
  }
}
