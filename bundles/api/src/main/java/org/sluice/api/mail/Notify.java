package org.sluice.api.mail;

/** When a submitter wants to be told about a recipient (RFC 3461 section 4.1). */
public enum Notify {
  /** Never, not even of a failure. Stands alone. */
  NEVER,
  /** Of a delivery, or of the hand-over to a server that does not tell of deliveries. */
  SUCCESS,
  /** Of a failure for good. */
  FAILURE,
  /** Of a delay. */
  DELAY
}
