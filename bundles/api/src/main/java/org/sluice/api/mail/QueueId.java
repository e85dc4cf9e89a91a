package org.sluice.api.mail;

/**
 * Names one queued message: qmail's message number.
 *
 * @param value positive, unique in the queue at any time
 */
public record QueueId(long value) {
  /** Checks the range. */
  public QueueId {
    if (value <= 0) {
      throw new IllegalArgumentException("queue id must be positive: " + value);
    }
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
