package org.sluice.api.store;

import java.time.Instant;
import java.util.Collections;
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
 * @param failed for each recipient whether it is finished because it failed
 */
public record QueueEntry(
    QueueId id,
    QueueRecord record,
    long size,
    List<Boolean> finished,
    Instant nextAttempt,
    List<Boolean> failed) {
  /** With no recipient that has failed. */
  public QueueEntry(
      QueueId id, QueueRecord record, long size, List<Boolean> finished, Instant nextAttempt) {
    this(id, record, size, finished, nextAttempt, Collections.nCopies(finished.size(), false));
  }

  /** How the message stands. */
  public QueueState state() {
    if (record.hold()) {
      return QueueState.HELD;
    }
    return finished.contains(false) ? QueueState.WAITING : QueueState.BOUNCING;
  }
}
