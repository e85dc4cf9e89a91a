package org.sluice.api.store;

import java.time.Instant;
import java.util.List;
import org.sluice.api.mail.QueueId;

/**
 * One queued message as an operator sees it.
 *
 * @param id the message
 * @param record its envelope
 * @param size octets of the body
 * @param finished for each recipient whether it is done or failed
 * @param nextAttempt the earliest attempt that is due
 */
public record QueueEntry(
    QueueId id, QueueRecord record, long size, List<Boolean> finished, Instant nextAttempt) {}
