package org.sluice.plugins.internal;

import java.time.Duration;

/**
 * How long the code of a plugin is waited for.
 *
 * @param start for its start
 * @param stop for its stop, in which a filter or a listener lets those end that use it
 * @param interrupted after it was interrupted
 */
record Limits(Duration start, Duration stop, Duration interrupted) {
  static final Limits DEFAULT =
      new Limits(Duration.ofSeconds(10), Duration.ofMinutes(2), Duration.ofSeconds(1));
}
