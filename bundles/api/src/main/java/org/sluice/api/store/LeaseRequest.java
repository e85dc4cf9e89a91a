package org.sluice.api.store;

import java.time.Duration;
import java.time.Instant;

/**
 * What work is wanted.
 *
 * @param channel which channel
 * @param dueBy only what is due at this instant or before
 * @param limit at most so many leases, at least 1
 * @param duration how long each lease lasts unless extended
 */
public record LeaseRequest(Channel channel, Instant dueBy, int limit, Duration duration) {}
