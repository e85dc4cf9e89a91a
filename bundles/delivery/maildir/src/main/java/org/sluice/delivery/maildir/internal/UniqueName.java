package org.sluice.delivery.maildir.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** gethostname(2), not a name server's idea of it. */
  static String hostName() throws IOException {
    Path kernel = Path.of("/proc/sys/kernel/hostname");
    return Files.isReadable(kernel)
        ? Files.readString(kernel, StandardCharsets.ISO_8859_1).strip()
        : InetAddress.getLocalHost().getHostName();
  }
}
