package org.sluice.api.smtp;

import java.util.Map;
import java.util.Optional;
import org.sluice.api.mail.Reply;
import org.sluice.api.net.TlsServer;

/** What becomes of a command. Sealed: the listener handles every case. */
public sealed interface SmtpAnswer {
  /** Not for this extension: the next one is asked, then the listener acts. */
  record Pass() implements SmtpAnswer {}

  /** Done, with this reply. */
  record Say(Reply reply) implements SmtpAnswer {}

  /** Done, with this reply, and the connection is closed. */
  record End(Reply reply) implements SmtpAnswer {}

  /**
   * Octets follow the command line that are the next part of the message (BDAT, RFC 3030): lines
   * end in CRLF, nothing is dot-stuffed. The listener reads them all, even if it has to refuse
   * them, and replies; with the last part the message goes the way that it goes after DATA. A reply
   * that refuses ends the transaction.
   */
  record Chunk(long octets, boolean last) implements SmtpAnswer {}

  /**
   * TLS (RFC 3207 section 4): the reply is sent, input that has arrived already is thrown away, and
   * after the handshake all is forgotten that the client has said and that extensions have set. A
   * failed handshake ends the session. Only {@link SmtpDialogue#onSocket}, else the client is told
   * 454.
   */
  record StartTls(Reply reply, TlsServer server) implements SmtpAnswer {}

  /**
   * The session begins again with another client (XCLIENT): the rules are asked about it,
   * extensions join anew, and a new greeting is sent. Only {@link SmtpDialogue#onSocket}, else the
   * client is told 550.
   *
   * @param client the variables that say who it is: TCPREMOTEIP, TCPREMOTEPORT, TCPREMOTEHOST,
   *     TCPREMOTEINFO, TCPLOCALIP, TCPLOCALPORT; what is absent stays (but with another TCPREMOTEIP
   *     nothing of what belongs to a client), an empty value unsets
   * @param hello counts as the client's HELO name, if there is one
   * @param login counts as authenticated, if there is one
   */
  record Restart(Map<String, String> client, Optional<String> hello, Optional<String> login)
      implements SmtpAnswer {
    /** Copies the map. */
    public Restart {
      client = Map.copyOf(client);
    }
  }

  /** Not for this extension. */
  static SmtpAnswer pass() {
    return new Pass();
  }

  /** A reply of one line, for example {@code 501, "5.5.4", "no arguments"}. */
  static SmtpAnswer say(int code, String status, String text) {
    return new Say(Reply.of(code, status, text));
  }
}
