package org.sluice.listeners.smtp.internal;

import java.io.IOException;

/** The session is over; there may be a last line for the client. Passes through extensions. */
final class SessionEnd extends IOException {
  private static final long serialVersionUID = 1L;
  private final int status;

  /**
   * An end.
   *
   * @param lastLine what to tell the client, without CRLF; empty for nothing
   * @param status qmail-smtpd's exit status
   */
  SessionEnd(String lastLine, int status) {
    super(lastLine);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** Expected: no stack trace needed. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
