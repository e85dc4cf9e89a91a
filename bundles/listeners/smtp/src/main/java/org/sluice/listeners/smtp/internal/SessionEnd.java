package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.util.Optional;
import org.sluice.api.mail.Reply;

/** The session is over; there may be a last line for the client. Passes through extensions. */
final class SessionEnd extends IOException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final boolean timeout;

  /** Not for another JVM. */
  private final transient Optional<Reply> reply;

  /**
   * An end.
   *
   * @param lastLine what to tell the client, without CRLF; empty for nothing
   * @param status qmail-smtpd's exit status
   */
  SessionEnd(String lastLine, int status) {
    this(lastLine, status, false);
  }

  private SessionEnd(String lastLine, int status, boolean timeout) {
    super(lastLine);
    this.status = status;
    this.timeout = timeout;
    this.reply = Optional.empty();
  }

  /** An end with a reply that has its status code in any case. */
  SessionEnd(Reply lastReply, int status) {
    super(lastReply.toString());
    this.status = status;
    this.timeout = false;
    this.reply = Optional.of(lastReply);
  }

  /** The client took too long. */
  static SessionEnd timeout() {
    return new SessionEnd("451 timeout (#4.4.2)", 1, true);
  }

  /**
   * What to tell the client.
   *
   * @param extended whether it knows of extensions: then it is told of a time-out what RFC 5321 has
   *     for that, which is no answer to its next command
   */
  String line(boolean extended) {
    return timeout && extended ? "421" + getMessage().substring(3) : getMessage();
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
