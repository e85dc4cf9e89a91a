package org.sluice.plugins.internal;

/** What a scan sees to. */
enum Stage {
  /** The server starts: what mail may go through, all else when mail is served. */
  MAIL,
  /** All there is, at once. */
  ALL,
  /** What is other than at the scan before, and has stayed so since. */
  CHANGES;

  /** Whether files are read at once, and what is installed is not told of one by one. */
  boolean first() {
    return this != CHANGES;
  }
}
