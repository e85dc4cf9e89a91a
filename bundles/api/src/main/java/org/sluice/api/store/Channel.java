package org.sluice.api.store;

/** Which way a recipient goes (spec 10 section 5). */
public enum Channel {
  /** Delivered on this host. */
  LOCAL,
  /** Sent to another host. */
  REMOTE,
  /** A finished message with failures that its sender has not been told of yet. */
  BOUNCE
}
