package org.sluice.api.pop3;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the listener offers to an extension, for one session. Used by the session's thread, from
 * within hooks only. An IOException means that the session has ended; pass it on.
 */
@ProviderType
public interface Pop3Dialogue {
  /** The server's name, as in the greeting. */
  String host();

  /** The TCP environment with the variables of the rules file; TLS adds to it. */
  Map<String, String> environment();

  /** The TLS session, if TLS has begun. */
  Optional<SSLSession> tls();

  /** Whether the client has logged in (RFC 1939 section 5), so that its mail is being served. */
  boolean loggedIn();

  /** Whether the operator lets a password be sent on this connection as it is now. */
  boolean passwords();

  /** Whether one may log in by what does not send the password (CRAM-MD5, SCRAM), likewise. */
  boolean challenges();

  /** What CAPA is to list: the listener's own, then {@link Pop3Hooks#capabilities} of each. */
  List<String> capabilities() throws IOException, InterruptedException;

  /**
   * Sends {@code +}, a space and a challenge (RFC 5034 section 4), and reads the line that answers
   * it, without its end.
   *
   * @param challenge in base64; may be empty
   * @return at most 65,536 octets; a longer line ends the session
   */
  String ask(String challenge) throws IOException;
}
