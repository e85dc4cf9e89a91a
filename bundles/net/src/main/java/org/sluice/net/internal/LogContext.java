package org.sluice.net.internal;

import org.slf4j.MDC;

/**
 * What every event carries that is logged on the thread of a session, besides its words: for
 * structured logs (spec 20 section 15.14), as the mapped diagnostic context of slf4j. {@code
 * listener} and {@code session} are there from the beginning, {@code client} as soon as it is known
 * who that is, {@code status} and {@code seconds} in what is said of the end.
 */
final class LogContext implements AutoCloseable {
  private static final String LISTENER = "listener";
  private static final String SESSION = "session";
  private static final String CLIENT = "client";
  private static final String STATUS = "status";
  private static final String SECONDS = "seconds";

  /** A session begins on this thread. */
  LogContext(String listener, String session) {
    MDC.put(LISTENER, listener);
    MDC.put(SESSION, session);
  }

  /** Who speaks on it; another one later if a proxy says so. */
  static void client(String ip) {
    MDC.put(CLIENT, ip);
  }

  /**
   * How it ended.
   *
   * @param exit what a program that serves it would exit with
   * @param lasted nanoseconds
   */
  void end(int exit, long lasted) {
    MDC.put(STATUS, Integer.toString(exit));
    MDC.put(SECONDS, Double.toString(lasted / 1_000_000 / 1e3));
  }

  /** The thread is pooled: the next session says for itself what it is. */
  @Override
  public void close() {
    for (String key : new String[] {LISTENER, SESSION, CLIENT, STATUS, SECONDS}) {
      MDC.remove(key);
    }
  }
}
