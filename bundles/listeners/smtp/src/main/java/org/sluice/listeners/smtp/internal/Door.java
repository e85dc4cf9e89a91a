package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.sluice.api.net.TlsServer;

/** Where a session's octets come from: a socket, or the descriptors of a program. */
interface Door {
  String id();

  InputStream in();

  OutputStream out();

  Map<String, String> environment();

  /** Bounds each read and write; whether it can. */
  boolean timeout(Duration limit) throws IOException;

  void idle(boolean idle);

  boolean draining();

  /** Whether {@link #startTls} may be called. */
  boolean tlsPossible();

  /** Begins TLS; the streams are new ones after it. */
  void startTls(TlsServer server) throws IOException;

  Optional<SSLSession> tls();

  /** Changes who the client is; false if it is not let in. */
  boolean client(Map<String, String> variables) throws IOException;
}
