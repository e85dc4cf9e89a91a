package org.sluice.api.store;

/** How a queued message stands, as its {@link QueueEntry} tells. Each message is in one state. */
public enum QueueState {
  /** On hold: nothing of it is attempted. */
  HELD,
  /** Some recipient is unfinished: it is attempted, or waits for its next attempt. */
  WAITING,
  /** All recipients are finished, and the sender is still to be told of some. */
  BOUNCING
}
