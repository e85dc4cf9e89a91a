package org.sluice.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.sluice.api.net.Connection;
import org.sluice.api.net.TlsServer;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.program.TimedInput;
import org.sluice.base.program.TimedOutput;

/**
 * A program's descriptors 0 and 1 as a connection, so that one class serves both. Time-outs hold
 * whatever the descriptors are (pipes, sockets, files, or a client's behind the door). Nobody
 * drains a program: its peer closes the descriptors. Used by one thread.
 */
public final class ProgramConnection implements Connection {
  private final String id;
  private final ProgramContext context;
  private Optional<TimedInput> in = Optional.empty();
  private Optional<TimedOutput> out = Optional.empty();
  private Optional<Duration> limit = Optional.empty();

  /**
   * Of a program that runs.
   *
   * @param id for logs
   */
  public ProgramConnection(String id, ProgramContext context) {
    this.id = id;
    this.context = context;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public InputStream in() {
    if (in.isEmpty()) {
      var stream = new TimedInput(context.in());
      limit.ifPresent(stream::limit);
      in = Optional.of(stream);
    }
    return in.get();
  }

  @Override
  public OutputStream out() {
    if (out.isEmpty()) {
      var stream = new TimedOutput(context.out());
      limit.ifPresent(stream::limit);
      out = Optional.of(stream);
    }
    return out.get();
  }

  @Override
  public Map<String, String> environment() {
    return context.environment();
  }

  @Override
  public void timeout(Duration duration) {
    limit = Optional.of(duration);
    in.ifPresent(stream -> stream.limit(duration));
    out.ifPresent(stream -> stream.limit(duration));
  }

  /** Does nothing. */
  @Override
  public void idle(boolean idle) {
    // nobody asks
  }

  @Override
  public boolean draining() {
    return false;
  }

  /** Always fails: descriptors are not a socket. */
  @Override
  public void startTls(TlsServer tls) throws IOException {
    throw new IOException("no TLS on descriptors");
  }

  @Override
  public Optional<SSLSession> tls() {
    return Optional.empty();
  }

  /** Always false: the rules were somebody else's. */
  @Override
  public boolean client(Map<String, String> variables) {
    return false;
  }
}
