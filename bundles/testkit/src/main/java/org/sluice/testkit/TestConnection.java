package org.sluice.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.SSLSession;
import org.sluice.api.net.Connection;
import org.sluice.api.net.TlsServer;

/** A client over strings, which says all it has to say at once and then closes. */
public final class TestConnection implements Connection {
  private final InputStream in;
  private final Map<String, String> environment;
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

  /** Whether the drain begins when the client has said everything. */
  public boolean draining;

  /** Every time-out that was set. */
  public final List<Duration> timeouts = new ArrayList<>();

  /** Octets that the client had said whenever it might have been told to go. */
  public final List<Integer> idleAt = new ArrayList<>();

  /** The octets of each write. */
  public final List<Integer> writes = new ArrayList<>();

  /** What the handler has said last. */
  public OptionalInt status = OptionalInt.empty();

  private int said;

  /**
   * A client.
   *
   * @param step octets that a read gives at most
   */
  public TestConnection(String text, Map<String, String> environment, int step) {
    this.environment = Map.copyOf(environment);
    this.in =
        new ByteArrayInputStream(Vectors.bytes(text)) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            int n = super.read(bytes, offset, Math.min(step, length));
            said += Math.max(n, 0);
            return n;
          }
        };
  }

  /** What the client was told. */
  public String heard() {
    return heard.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
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
    return new OutputStream() {
      @Override
      public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        heard.write(bytes, offset, length);
        writes.add(length);
      }
    };
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  @Override
  public void timeout(Duration limit) {
    timeouts.add(limit);
  }

  @Override
  public void idle(boolean idle) {
    if (idle) {
      idleAt.add(said);
    }
  }

  @Override
  public boolean draining() {
    try {
      return draining && in.available() == 0;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void startTls(TlsServer tls) throws IOException {
    throw new IOException("no TLS over strings");
  }

  @Override
  public void status(int exit) {
    status = OptionalInt.of(exit);
  }

  @Override
  public Optional<SSLSession> tls() {
    return Optional.empty();
  }

  @Override
  public boolean client(Map<String, String> variables) {
    return false; // these rules let nobody else in
  }
}
