package org.sluice.net.internal;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.IpText;

/**
 * What is told of the connections of a listener in this process: numbers, and the lines of {@code
 * tcpserver -v} if it is {@code verbose}, each an event of the logger {@code tcpserver.NAME}. The
 * PID in them is the number at the end of the session's id. Thread-safe.
 */
final class ConnectionLog {
  private final Tally tally = new Tally();
  private final ReentrantLock lock = new ReentrantLock();
  private int connections;

  /** To the logger of the listener's name, which may change with its settings. */
  private static final class Lines extends StatusLines {
    private final Logger log;

    Lines(Settings settings) {
      log = LoggerFactory.getLogger("tcpserver." + settings.portFile());
    }

    @Override
    protected void say(String line) {
      log.info(line);
    }
  }

  /** The listener begins. */
  void listening(Settings settings) {
    count(settings, 0);
  }

  /** A connection from an address, which may be a proxy's, has its place. */
  void began(Settings settings, long pid, InetAddress peer) {
    tally.began();
    count(settings, 1);
    if (settings.verbose()) {
      new Lines(settings).from(pid, IpText.of(peer));
    }
  }

  /** A connection got no place. */
  void refused() {
    tally.refused();
  }

  Tally tally() {
    return tally;
  }

  /** Said again if another client speaks on the connection. */
  void verdict(Settings settings, boolean denied, long pid, Map<String, String> tcp) {
    if (settings.verbose()) {
      new Lines(settings).verdict(denied, pid, tcp);
    }
  }

  /**
   * It has ended.
   *
   * @param outcome 0 if it was served, 100 if its client was denied, 111 if anything failed
   * @param exit what a program that serves it would exit with
   * @param lasted nanoseconds
   */
  void ended(Settings settings, long pid, int outcome, int exit, long lasted) {
    tally.ended(outcome, lasted);
    if (settings.verbose()) {
      new Lines(settings).end(pid, exit << 8);
    }
    count(settings, -1);
  }

  /** Under the lock, so that the numbers come in their order. */
  private void count(Settings settings, int change) {
    lock.lock();
    try {
      connections += change;
      if (settings.verbose()) {
        new Lines(settings).status(connections, settings.limit());
      }
    } finally {
      lock.unlock();
    }
  }
}
