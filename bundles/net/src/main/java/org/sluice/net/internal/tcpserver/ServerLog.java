package org.sluice.net.internal.tcpserver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.net.internal.TcpEnvironment;

/** The lines on descriptor 2 (spec 20 section 5.5), each in one write. Thread-safe. */
final class ServerLog {
  private static final Logger LOG = LoggerFactory.getLogger(ServerLog.class);
  private static final int LONGEST = 100;

  private final OutputStream err;
  private final ServerOptions.Verbosity verbosity;
  private final ReentrantLock lock = new ReentrantLock();

  ServerLog(OutputStream err, ServerOptions.Verbosity verbosity) {
    this.err = err;
    this.verbosity = verbosity;
  }

  void status(int connections, int limit) {
    status("status: " + connections + "/" + limit);
  }

  void from(long pid, String ip) {
    status("pid " + pid + " from " + ip);
  }

  /** {@code ok} or {@code deny}. */
  void verdict(String word, long pid, TcpEnvironment client) {
    status(
        word
            + " "
            + pid
            + " "
            + clean(client.localHost().orElse(""))
            + ":"
            + client.localIp()
            + ":"
            + client.local().getPort()
            + " "
            + clean(client.remoteHost().orElse(""))
            + ":"
            + client.remoteIp()
            + ":"
            + clean(client.remoteInfo().orElse(""))
            + ":"
            + client.remote().getPort());
  }

  /**
   * The end of a connection.
   *
   * @param waitStatus as wait(2) gives it
   */
  void end(long pid, int waitStatus) {
    status("end " + pid + " status " + waitStatus);
  }

  /** A connection that is given up. */
  void dropping(String why) {
    if (verbosity != ServerOptions.Verbosity.NOTHING) {
      line("warning: dropping connection, " + why);
    }
  }

  private void status(String text) {
    if (verbosity == ServerOptions.Verbosity.STATUS) {
      line(text);
    }
  }

  private void line(String text) {
    byte[] octets = ("tcpserver: " + text + "\n").getBytes(StandardCharsets.ISO_8859_1);
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

  static String clean(String value) {
    var text = new StringBuilder();
    for (int i = 0; i < Math.min(LONGEST, value.length()); i++) {
      char c = value.charAt(i);
      text.append(c < 33 || c > 126 || c == '%' || c == ':' ? '?' : c);
    }
    return text.append(value.length() >= LONGEST ? "..." : "").toString();
  }
}
