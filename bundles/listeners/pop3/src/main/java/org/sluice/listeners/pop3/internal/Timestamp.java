package org.sluice.listeners.pop3.internal;

import java.security.SecureRandom;
import java.time.Instant;

/** APOP's challenge (RFC 1939 section 7, spec 20 section 10.2). */
final class Timestamp {
  private Timestamp() {}

  /** In the place of a process id, which all sessions here would share, stands a random number. */
  static String of(String host, Instant now) {
    long number = new SecureRandom().nextLong() >>> 1;
    return "<" + number + "." + now.getEpochSecond() + "@" + host + ">";
  }
}
