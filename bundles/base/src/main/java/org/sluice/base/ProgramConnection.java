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

/**
 * A program's descriptors 0 and 1 as a connection, so that one class serves both. Whoever made the
 * streams decides on time-outs, and nobody drains a program: its peer closes the descriptors.
 *
 * @param id for logs
 */
public record ProgramConnection(String id, ProgramContext context) implements Connection {
  @Override
  public InputStream in() {
    return context.in();
  }

  @Override
  public OutputStream out() {
    return context.out();
  }

  @Override
  public Map<String, String> environment() {
    return context.environment();
  }

  /** Does nothing: a plain stream has no time-out. */
  @Override
  public void timeout(Duration limit) {
    // the deadline of the context ends the program
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
