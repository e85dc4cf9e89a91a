package org.sluice.api.store;

/**
 * What the sender is to be told of a recipient (RFC 3464 section 2.3.3). The order is that of the
 * numbers in stores: add at the end only.
 */
public enum ReportedAction {
  /** Nothing. */
  NONE,
  /** It failed for good. */
  FAILED,
  /** It is where the recipient reads it. */
  DELIVERED,
  /** It went to a server that does not tell of deliveries. */
  RELAYED,
  /**
   * It is late, and delivery goes on. The only one that finishes no recipient: it is written down
   * when the sender has been told, so that it is told once. Of one recipient it stands for all of
   * its channel that are unfinished then, which are told of together.
   */
  DELAYED
}
