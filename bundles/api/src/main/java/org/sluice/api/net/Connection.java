package org.sluice.api.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.osgi.annotation.versioning.ProviderType;

/** One accepted connection. Streams are unbuffered: read and write in blocks. */
@ProviderType
public interface Connection {
  /** Unique in this process; for logs. */
  String id();

  /** Octets from the client. */
  InputStream in();

  /** Octets to the client; each write is sent at once. */
  OutputStream out();

  /** The TCP environment with the variables of the rules file (spec 20 sections 2 and 4). */
  Map<String, String> environment();

  /** A read or write that makes no progress for this long throws SocketTimeoutException. */
  void timeout(Duration limit) throws IOException;

  /**
   * Says whether the client may be told to go away now. While true, a drain that has run out of
   * time ends the input, so that a blocked read returns -1 and {@link #draining} is true.
   */
  void idle(boolean idle);

  /** Whether the client should be told 421 at the next command boundary. */
  boolean draining();

  /**
   * Begins TLS (RFC 3207 section 4): does the handshake, within a minute or the present time-out if
   * that is less, after which {@link #in()} and {@link #out()} give the streams inside it, and the
   * environment has SSL_PROTOCOL, SSL_CIPHER and, where the client gave them, SSL_TLS_SNI and
   * SSL_CLIENT_S_DN. What was read from the old streams before must have been thrown away by the
   * caller.
   *
   * @throws IOException if the handshake fails; the connection is of no use then
   */
  void startTls(TlsServer tls) throws IOException;

  /**
   * Says what qmail's program would exit with, for tcpserver's lines (spec 20 section 5.5): the
   * last word counts, also if the handler throws an IOException then. Who says nothing has 0 when
   * he returns. Called on the session's thread.
   */
  default void status(int exit) {
    // nobody asks
  }

  /** The TLS session, if TLS has begun, by STARTTLS or from the first octet on. */
  Optional<SSLSession> tls();

  /**
   * Another client speaks on this connection, says a trusted one (XCLIENT): the variables replace
   * those of the same name, an empty one is unset, others stay. With another TCPREMOTEIP the name,
   * port, ident answer and certificate of the one before are forgotten, and the connection counts
   * for the new address. Then the rules are asked about the new client. Called on the session's
   * thread, when all replies so far are written.
   *
   * @return false if the rules deny it, or its address has its share of connections already, which
   *     it has been told with {@link ConnectionHandler#refusal}; the connection is to be closed
   *     then
   * @throws IOException if the rules cannot be read
   */
  boolean client(Map<String, String> variables) throws IOException;
}
