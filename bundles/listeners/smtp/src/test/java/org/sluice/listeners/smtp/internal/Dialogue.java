package org.sluice.listeners.smtp.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.sluice.api.control.Control;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.net.Connection;
import org.sluice.api.net.TlsServer;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.base.ListenerServices;
import org.sluice.base.LocalAddresses;
import org.sluice.testkit.RecordingQueue;

/** One session over strings. */
class Dialogue implements Connection {
  private InputStream in;
  private Map<String, String> environment;
  private OutputStream out = new ByteArrayOutputStream();
  private final int step;
  private final boolean open;
  private Optional<SSLSession> tls = Optional.empty();

  /** Whether the drain begins when the client has said everything. */
  boolean draining;

  /** What the client says inside TLS; without it TLS fails. */
  Optional<String> insideTls = Optional.empty();

  /** The machine's own addresses. */
  LocalAddresses addresses = LocalAddresses::ofSystem;

  /** What the session has said last of qmail-smtpd's exit status. */
  int status = -1;

  /** Whether every other client is told that there are too many. */
  boolean deny;

  /**
   * A client that says all this at once.
   *
   * @param step octets a read gives at most
   * @param open whether the client then waits instead of closing
   */
  Dialogue(String said, Map<String, String> environment, int step, boolean open) {
    this.environment = environment;
    this.step = step;
    this.open = open;
    this.in = input(said);
  }

  /** Speaks over these streams instead. */
  void live(InputStream from, OutputStream to) {
    in = from;
    out = to;
  }

  private ByteArrayInputStream input(String said) {
    return new ByteArrayInputStream(said.getBytes(StandardCharsets.ISO_8859_1)) {
      @Override
      public synchronized int read(byte[] bytes, int offset, int length) {
        return super.read(bytes, offset, Math.min(step, length));
      }
    };
  }

  /** Runs with extensions, the first in order first. */
  int run(Control control, RecordingQueue queue, FilterChain chain, SmtpExtension... extensions)
      throws IOException, InterruptedException {
    var present = new Extensions(() -> Duration.ZERO, Duration.ZERO);
    for (int i = 0; i < extensions.length; i++) {
      present.bind(extensions[i], Map.of("service.id", (long) i));
    }
    return run(control, queue, chain, present);
  }

  int run(Control control, RecordingQueue queue, FilterChain chain, Extensions extensions)
      throws IOException, InterruptedException {
    var services =
        new Services(
            new ListenerServices(
                InstantSource.system(),
                Optional.of(control),
                Optional.of(queue),
                Optional.of(chain),
                Optional.empty()),
            extensions,
            addresses);
    return new SmtpSession(this, true, services, services::queue).run();
  }

  String said() {
    return ((ByteArrayOutputStream) out).toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public String id() {
    return "test";
  }

  @Override
  public InputStream in() {
    return open ? new Waiting() : in;
  }

  private final class Waiting extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("read in blocks");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = in.read(bytes, offset, length);
      if (n < 0) {
        throw new SocketTimeoutException();
      }
      return n;
    }
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
  public void timeout(Duration limit) {
    // Nothing waits here.
  }

  @Override
  public void idle(boolean idle) {
    // Nobody drains but the test itself.
  }

  @Override
  public boolean draining() {
    try {
      return draining && in.available() == 0;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void startTls(TlsServer server) throws IOException {
    in = input(insideTls.orElseThrow(() -> new IOException("the client speaks no TLS")));
    out.write("<TLS>\r\n".getBytes(StandardCharsets.ISO_8859_1));
    tls = Optional.of(noTls());
  }

  private static SSLSession noTls() throws IOException {
    try {
      return javax.net.ssl.SSLContext.getDefault().createSSLEngine().getSession();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void status(int exit) {
    status = exit;
  }

  @Override
  public Optional<SSLSession> tls() {
    return tls;
  }

  @Override
  public boolean client(Map<String, String> variables) throws IOException {
    if (deny) {
      out.write("<too many>\r\n".getBytes(StandardCharsets.ISO_8859_1));
    }
    Map<String, String> next = new HashMap<>(environment);
    next.remove("RELAYCLIENT"); // a rule of the first client
    next.putAll(variables);
    next.values().removeIf(String::isEmpty);
    environment = next;
    return !deny;
  }
}
