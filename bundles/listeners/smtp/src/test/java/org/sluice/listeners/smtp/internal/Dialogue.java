package org.sluice.listeners.smtp.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.control.Control;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.filter.MailEvent;
import org.sluice.testkit.RecordingQueue;

/** One session over strings. */
final class Dialogue implements Door {
  private final ByteArrayInputStream in;
  private final Map<String, String> environment;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** What observers were told. */
  final List<MailEvent> told = new ArrayList<>();

  /** Whether the drain begins when the client has said everything. */
  boolean draining;

  /**
   * A client that says all this at once.
   *
   * @param step octets a read gives at most
   * @param open whether the client then waits instead of closing
   */
  Dialogue(String said, Map<String, String> environment, int step, boolean open) {
    this.environment = environment;
    this.in =
        new ByteArrayInputStream(said.getBytes(StandardCharsets.ISO_8859_1)) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(step, length));
          }
        };
    this.open = open;
  }

  private final boolean open;

  int run(Control control, RecordingQueue queue, FilterChain chain)
      throws IOException, InterruptedException {
    var services =
        new Services(
            Clock.systemUTC(), Optional.of(control), Optional.of(queue), Optional.of(chain));
    services.bindEvents(told::add);
    return new SmtpSession(this, services).run();
  }

  String said() {
    return out.toString(StandardCharsets.ISO_8859_1);
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
    out.writeBytes(new byte[0]); // nothing waits here
  }

  @Override
  public void idle(boolean idle) {
    out.writeBytes(new byte[0]); // nobody drains but the test itself
  }

  @Override
  public boolean draining() {
    return draining && in.available() == 0;
  }
}
