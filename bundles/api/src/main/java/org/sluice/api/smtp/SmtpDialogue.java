package org.sluice.api.smtp;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.osgi.annotation.versioning.ProviderType;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.Session;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.Reply;

/**
 * What the listener offers to an extension, for one session. Used by the session's thread, from
 * within hooks only. An IOException means that the session has ended; pass it on.
 */
@ProviderType
public interface SmtpDialogue {
  /**
   * The variable that {@link #authenticated} sets: who has logged in. The Received line then says
   * so, without the name (RFC 3848).
   */
  String LOGIN = Session.USER;

  /**
   * The attribute of a transaction whose MAIL had the parameter SMTPUTF8; any value. For filters;
   * the queue goes by {@link #options(MessageOptions)}.
   */
  String UTF8 = "SMTPUTF8";

  /** The client as it is known now: HELO name and environment change as the session goes on. */
  Session session();

  /**
   * The transaction that MAIL has begun, if it is not over; the new one in {@link SmtpHooks#mail}.
   */
  Optional<MailTransaction> transaction();

  /** What the client asks for the message of this transaction; nothing unless an extension says. */
  MessageOptions options();

  /** Says so, in {@link SmtpHooks#mail}; it goes into the queue with the message. */
  void options(MessageOptions options);

  /**
   * Says in {@link SmtpHooks#recipient} what the client asks for this recipient. Nothing comes of
   * it if the recipient is refused in the end.
   */
  void recipientOptions(RecipientOptions options);

  /** The TLS session, if TLS has begun. */
  Optional<SSLSession> tls();

  /**
   * Whether the client is on a socket, so that TLS can begin and the client can change; qmail-smtpd
   * as a program has descriptors.
   */
  boolean onSocket();

  /** The size limit of messages in octets (control/databytes, DATABYTES); 0 if there is none. */
  long sizeLimit();

  /**
   * Sets a variable of the environment for the rest of the session, until TLS begins or the session
   * begins again: RELAYCLIENT lets the client relay.
   *
   * @param value bytes (ISO-8859-1), without NUL
   */
  void set(String name, String value);

  /** Takes a variable out of the environment, likewise. */
  void unset(String name);

  /** The client has logged in: sets {@link #LOGIN}, and RELAYCLIENT to empty unless it is set. */
  default void authenticated(String name) {
    set(LOGIN, name);
    if (!session().environment().containsKey("RELAYCLIENT")) {
      set("RELAYCLIENT", "");
    }
  }

  /**
   * Sends a reply in the midst of a command, 334 for example, and reads the line that answers it,
   * without its end. Of a line over 65,536 octets those are given, and the rest is dropped.
   */
  String ask(Reply challenge) throws IOException;

  /**
   * Waits before the greeting for input that should not be there yet; not on descriptors.
   *
   * @return whether the client has said something
   */
  boolean speaks(Duration within) throws IOException;

  /**
   * Bounds the time of what a client may send slowly; none unless set.
   *
   * @param command from the first octet of a command line to its end
   * @param message from DATA to the final dot, or from BDAT to the last of its octets
   */
  void patience(Duration command, Duration message);

  /**
   * Says what becomes of a bare LF or CR in the messages of this session; {@link LineEnds#CLASSIC}
   * unless set, and again when TLS begins or the session begins again. For a message that has begun
   * it changes nothing.
   */
  void lineEnds(LineEnds policy);
}
