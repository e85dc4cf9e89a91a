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
  /**
   * Puts TLS on a connection, in server mode; the caller does the handshake.
   *
   * @throws IOException if there are no usable keys at the moment, which is temporary
   */
  SSLSocket wrap(Socket socket) throws IOException;
}
