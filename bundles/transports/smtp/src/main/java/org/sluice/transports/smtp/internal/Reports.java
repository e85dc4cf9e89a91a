package org.sluice.transports.smtp.internal;

/** What one run comes to (spec 30 section 2.7). Used by one thread. */
final class Reports {
  private final StringBuilder text = new StringBuilder();
  private boolean tells;

  void add(String report) {
    text.append(report).append('\0');
  }

  /** The server has taken the message, and with it what the sender wants to be told. */
  void tells() {
    tells = true;
  }

  boolean told() {
    return tells;
  }

  /** All so far, each ended by NUL. */
  @Override
  public String toString() {
    return text.toString();
  }
}
