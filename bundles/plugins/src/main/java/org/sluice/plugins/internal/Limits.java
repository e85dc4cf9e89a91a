package org.sluice.plugins.internal;

import java.time.Duration;
import org.sluice.base.Uses;

/**
 * How long the code of a plugin is waited for.
 *
 * @param start for its start
 * @param stop for its stop, in which a filter, a listener or what delivers lets those end that use
 *     it
 * @param interrupted after it was interrupted
 */
record Limits(Duration start, Duration stop, Duration interrupted) {
  static final Limits DEFAULT =
      new Limits(Duration.ofSeconds(10), Uses.DELIVERY.plusSeconds(20), Duration.ofSeconds(1));
}
