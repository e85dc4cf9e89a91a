package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.util.Optional;
import org.sluice.api.mail.Reply;

/** The session is over; there may be a last line for the client. Passes through extensions. */
final class SessionEnd extends IOException {
  private static final long serialVersionUID = 1L;
  private final int status;

  /** Not for another JVM. */
  private final transient Optional<Reply> reply;

  /**
   * An end.
   *
   * @param lastLine what to tell the client, without CRLF; empty for nothing
   * @param status qmail-smtpd's exit status
   */
  SessionEnd(String lastLine, int status) {
    super(lastLine);
    this.status = status;
    this.reply = Optional.empty();
  }

  /** An end with a reply that has its status code in any case. */
  SessionEnd(Reply lastReply, int status) {
    super(lastReply.toString());
    this.status = status;
    this.reply = Optional.of(lastReply);
  }

  Optional<Reply> reply() {
    return reply;
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
