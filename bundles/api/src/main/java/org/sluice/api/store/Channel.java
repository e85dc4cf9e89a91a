package org.sluice.api.store;

/** Which way a recipient goes (spec 10 section 5). */
public enum Channel {
  /** Delivered on this host. */
  LOCAL,
  /** Sent to another host. */
  REMOTE,
  /** A finished message whose sender is to be told of failures, or was promised to be told. */
  BOUNCE
}
