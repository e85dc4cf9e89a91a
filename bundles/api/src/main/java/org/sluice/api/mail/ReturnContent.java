package org.sluice.api.mail;

/** How much of the message a report of failure brings back (RFC 3461 section 4.3). */
public enum ReturnContent {
  /** All of it. */
  FULL,
  /** The header only. */
  HDRS
}
