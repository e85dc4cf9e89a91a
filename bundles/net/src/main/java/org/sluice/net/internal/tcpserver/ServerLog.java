package org.sluice.net.internal.tcpserver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.net.internal.StatusLines;

/** The lines on descriptor 2 (spec 20 section 5.5), each in one write. Thread-safe. */
final class ServerLog extends StatusLines {
  private static final Logger LOG = LoggerFactory.getLogger(ServerLog.class);

  private final OutputStream err;
  private final ServerOptions.Verbosity verbosity;
  private final ReentrantLock lock = new ReentrantLock();

  ServerLog(OutputStream err, ServerOptions.Verbosity verbosity) {
    this.err = err;
    this.verbosity = verbosity;
  }

  /** A connection that is given up. */
  void dropping(String why) {
    if (verbosity != ServerOptions.Verbosity.NOTHING) {
      line("tcpserver: warning: dropping connection, " + why);
    }
  }

  @Override
  protected void say(String text) {
    if (verbosity == ServerOptions.Verbosity.STATUS) {
      line(text);
    }
  }

  private void line(String text) {
    byte[] octets = (text + "\n").getBytes(StandardCharsets.ISO_8859_1);
    lock.lock();
    try {
      err.write(octets);
      err.flush();
    } catch (IOException e) {
      LOG.debug("nobody reads the log: {}", e.toString());
    } finally {
      lock.unlock();
    }
  }
}
