package org.sluice.api.net;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Keys and rules for TLS on accepted connections. A service. Thread-safe; called on the session's
 * thread.
 */
@ConsumerType
@FunctionalInterface
public interface TlsServer {
  /** Whether {@link #wrap} would find usable keys, so that TLS may be offered; cheap. */
  default boolean ready() {
    return true;
  }

  /**
   * Puts TLS on a connection, in server mode; the caller does the handshake. Closing the TLS socket
   * closes the connection.
   *
   * @throws IOException if there are no usable keys at the moment, which is temporary
   */
  SSLSocket wrap(Socket socket) throws IOException;
}
