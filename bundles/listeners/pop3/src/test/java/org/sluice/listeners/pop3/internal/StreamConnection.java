package org.sluice.listeners.pop3.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.sluice.api.net.Connection;
import org.sluice.api.net.TlsServer;

/** A client that waits for answers; "TLS" only puts other streams in the place of the first. */
public final class StreamConnection implements Connection {
  private final Map<String, String> environment;
  private final PipedInputStream heard = new PipedInputStream(1 << 20);
  private final OutputStream out;
  private final BufferedReader reader;
  private InputStream in;
  private Optional<SSLSession> session = Optional.empty();

  /** What the client says inside TLS; without it TLS fails. */
  public Optional<InputStream> encrypted = Optional.empty();

  /** A client that says this; what is said inside TLS is {@link #encrypted}. */
  public StreamConnection(InputStream in, Map<String, String> environment) throws IOException {
    this.in = in;
    this.environment = environment;
    this.out = new PipedOutputStream(heard);
    this.reader = new BufferedReader(new InputStreamReader(heard, StandardCharsets.ISO_8859_1));
  }

  /** The next line that the client hears. */
  public String line() throws IOException {
    return reader.readLine();
  }

  /** All that the client hears from a server on this thread, until the session ends. */
  public List<String> lines(Thread server) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    for (String line = line(); line != null; line = line()) {
      lines.add(line);
    }
    server.join(60_000);
    if (server.isAlive()) {
      throw new AssertionError("the session has no end");
    }
    return lines;
  }

  /** The server has ended the session. */
  public void end() throws IOException {
    out.close();
  }

  @Override
  public String id() {
    return "test";
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public OutputStream out() {
    return out;
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public void timeout(Duration limit) throws IOException {
    if (limit.isZero()) {
      throw new IOException("for ever");
    }
  }

  @Override
  public void idle(boolean idle) {
    // nobody drains it
  }

  @Override
  public boolean draining() {
    return false;
  }

  @Override
  public void startTls(TlsServer server) throws IOException {
    in = encrypted.orElseThrow(() -> new IOException("handshake failed"));
    session =
        Optional.of(
            (SSLSession)
                java.lang.reflect.Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {SSLSession.class},
                    (proxy, method, arguments) -> {
                      throw new UnsupportedOperationException(method.getName());
                    }));
  }

  @Override
  public Optional<SSLSession> tls() {
    return session;
  }

  @Override
  public boolean client(Map<String, String> variables) {
    throw new UnsupportedOperationException("POP3 has no XCLIENT");
  }
}
