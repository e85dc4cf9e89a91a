package org.sluice.listeners.smtp.internal;

/** The session is over; there may be a last line for the client. */
final class SessionEnd extends Exception {
  private static final long serialVersionUID = 1L;
  private final int status;

  /**
   * An end.
   *
   * @param lastLine what to tell the client, without CRLF; empty for nothing
   * @param status qmail-smtpd's exit status
   */
  SessionEnd(String lastLine, int status) {
    super(lastLine, null, false, false); // expected: no stack trace needed
    this.status = status;
  }

  int status() {
    return status;
  }
}
