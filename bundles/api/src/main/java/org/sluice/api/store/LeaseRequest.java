package org.sluice.api.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * What work is wanted.
 *
 * @param channel which channel
 * @param dueBy only what is due at this instant or before
 * @param limit at most so many leases, at least 1
 * @param duration how long each lease lasts unless extended
 * @param capped destinations that get no more at the moment: work all of whose unfinished
 *     recipients have one of these is passed over. A destination is the domain of a recipient, what
 *     follows its last at sign, with A to Z in lower case; empty where there is none
 */
public record LeaseRequest(
    Channel channel, Instant dueBy, int limit, Duration duration, Set<String> capped) {
  /** Copies the set. */
  public LeaseRequest {
    capped = Set.copyOf(capped);
  }

  /** With no destination capped. */
  public LeaseRequest(Channel channel, Instant dueBy, int limit, Duration duration) {
    this(channel, dueBy, limit, duration, Set.of());
  }
}
