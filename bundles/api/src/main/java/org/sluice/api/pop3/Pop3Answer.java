package org.sluice.api.pop3;

import java.io.IOException;
import java.util.List;
import org.sluice.api.auth.Identity;
import org.sluice.api.net.TlsServer;

/** What becomes of a command. Sealed: the listener handles every case. */
public sealed interface Pop3Answer {
  /** Not for this extension: the next one is asked, then the listener refuses the command. */
  record Pass() implements Pop3Answer {}

  /**
   * Done.
   *
   * @param text what follows {@code +OK} and a space; may be empty; without CR and LF
   */
  record Ok(String text) implements Pop3Answer {
    /** Checks that the text does not break the dialogue. */
    public Ok {
      check(text);
    }
  }

  /**
   * Refused; the session goes on.
   *
   * @param text what follows {@code -ERR} and a space; without CR and LF
   */
  record Error(String text) implements Pop3Answer {
    /** Checks that the text does not break the dialogue. */
    public Error {
      check(text);
    }
  }

  /**
   * Done, with a reply of several lines (RFC 1939 section 3).
   *
   * @param lines without CR and LF; the listener adds the final dot, and stuffs those at the
   *     beginning of lines
   */
  record Lines(List<String> lines) implements Pop3Answer {
    /** Copies the lines, and checks that none breaks the dialogue. */
    public Lines {
      lines = List.copyOf(lines);
      lines.forEach(Pop3Answer::check);
    }
  }

  /**
   * TLS (RFC 2595 section 4): {@code +OK} and the text are sent, input that has arrived already is
   * thrown away, and after the handshake the listener has forgotten what the client has said. A
   * failed handshake ends the session. Only before the login and within no TLS, else the command is
   * refused.
   */
  record StartTls(String text, TlsServer server) implements Pop3Answer {
    /** Checks that the text does not break the dialogue. */
    public StartTls {
      check(text);
    }
  }

  /**
   * How a login has ended. The listener logs it, and tells the client; a login that fails counts as
   * one of those that may, whoever has tried it. Only before the login, and where one may log in at
   * all ({@link Pop3Dialogue#passwords} and {@link Pop3Dialogue#challenges} are both false before
   * TLS that has to begin first), else the command is refused.
   */
  sealed interface Login extends Pop3Answer {}

  /** This is who the client is: its mail is served. */
  record Accepted(Identity identity) implements Login {}

  /**
   * Wrong name or secret, which the client is told after a while.
   *
   * @param what has failed, for the log: {@code AUTH PLAIN} for example
   * @param name as the client gave it, bytes (ISO-8859-1), for the log
   */
  record Refused(String what, String name) implements Login {}

  /** It cannot be told now, which is temporary. */
  record Unavailable(IOException cause) implements Login {}

  /** Not for this extension. */
  static Pop3Answer pass() {
    return new Pass();
  }

  private static void check(String text) {
    if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("no CR and LF in a line of a reply");
    }
  }
}
