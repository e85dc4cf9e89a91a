package org.sluice.transports.smtp.internal;

/** What one run comes to (spec 30 section 2.7). Used by one thread. */
final class Reports {
  private final StringBuilder text = new StringBuilder();
  private boolean tells;
  private boolean timely;

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

  /** The server has taken over by when the message is to be delivered. */
  void timely() {
    timely = true;
  }

  boolean inTime() {
    return timely;
  }

  /** All so far, each ended by NUL. */
  @Override
  public String toString() {
    return text.toString();
  }
}
