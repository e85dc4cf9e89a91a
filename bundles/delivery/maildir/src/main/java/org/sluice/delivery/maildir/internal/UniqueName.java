package org.sluice.delivery.maildir.internal;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Names {@code TIME.PID.HOST}. qmail has a process for each delivery; here the middle field is the
 * JVM's process number, six digits of microseconds and a counter, so that it stays digits only.
 */
final class UniqueName {
  private static final int HOST_LIMIT = 64;
  private final AtomicLong counter = new AtomicLong();
  private final long pid = ProcessHandle.current().pid();
  private final Clock clock;
  private final String host;

  UniqueName(Clock clock, String host) {
    this.clock = clock;
    this.host = host.length() > HOST_LIMIT ? host.substring(0, HOST_LIMIT) : host;
  }

  /** A name that no other call, thread or process of this host gets. */
  String next() {
    Instant now = clock.instant();
    long micros = now.getNano() / 1000L;
    String digits = Long.toString(1_000_000L + micros).substring(1);
    return now.getEpochSecond() + "." + pid + digits + counter.incrementAndGet() + "." + host;
  }
}
