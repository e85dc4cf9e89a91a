package org.sluice.api.pop3;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One extension's part in one session; its fields hold what it remembers of the session. Of what
 * the client has said nothing may be remembered once TLS has begun (RFC 2595 section 4). Every
 * method is called by the session's thread and does nothing unless overridden. A throw is logged
 * and the session goes on: after {@link #command} the client gets an {@code -ERR}, the others then
 * count as not there. Waiting for the client is bounded by the session's time-out. The exceptions
 * of {@link Pop3Dialogue} are to be passed on: the session has ended.
 */
@ConsumerType
public interface Pop3Hooks {
  /**
   * What CAPA is to list (RFC 2449 section 6), for example {@code SASL PLAIN}; asked each time, in
   * both states.
   */
  default List<String> capabilities() {
    return List.of();
  }

  /**
   * A command that the listener does not know, in either state: all but USER, PASS, APOP, NOOP and
   * QUIT before the login, all but those of qmail-pop3d after it (spec 20 sections 10.2 and 12.3).
   * AUTH is not shown while TLS has to begin first. Not called for the answers that {@link
   * Pop3Dialogue#ask} reads.
   *
   * @return {@link Pop3Answer.Pass} to leave it to the next extension and then to the listener,
   *     which refuses it
   */
  default Pop3Answer command(Pop3Command command) throws IOException, InterruptedException {
    return Pop3Answer.pass();
  }

  /**
   * The text of an error reply that has a response code (RFC 2449 section 8, RFC 3206), which only
   * clients that know of CAPA can expect.
   *
   * @param code for example {@code AUTH} or {@code SYS/TEMP}
   * @param text as qmail says it, or as the extension before has changed it
   * @return what to say behind {@code -ERR}, without CR and LF
   */
  default String error(String code, String text) {
    return text;
  }
}
