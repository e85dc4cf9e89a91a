package org.sluice.admin.splogger.internal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Makes messages of lines (spec 10 section 14, 2 to 5): cut, stamped, printable. What has no LF yet
 * is kept, at most one piece. Used by one thread.
 */
final class Lines {
  /** Octets of a line in one message. */
  static final int PIECE = 799;

  private static final int ALERT = 1;
  private static final int WARNING = 4;
  private static final int INFO = 6;

  /** Where messages go. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes one.
     *
     * @param priority as in syslog(3), without a facility
     * @param text printable ASCII, without LF
     */
    void send(int priority, String text) throws InterruptedException;
  }

  private final InstantSource clock;
  private final Sink sink;
  private final byte[] piece = new byte[PIECE];
  private int length;
  private boolean continued;
  private int priority;
  private String stamp;

  Lines(InstantSource clock, Sink sink) {
    this.clock = clock;
    this.sink = sink;
  }

  /** Takes what was read; sends what is complete with it. */
  void take(byte[] octets, int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      byte octet = octets[i];
      if (octet == '\n') {
        if (length > 0) {
          send();
        }
        continued = false;
      } else {
        if (length == PIECE) {
          send();
          continued = true;
        }
        piece[length++] = octet < 32 || octet > 126 ? (byte) '?' : octet;
      }
    }
  }

  private void send() throws InterruptedException {
    var text = new String(piece, 0, length, StandardCharsets.US_ASCII);
    length = 0;
    if (!continued) {
      stamp = stamp(clock.instant());
      priority = priority(text);
    }
    sink.send(priority, stamp + (continued ? '+' : ' ') + text);
  }

  private static String stamp(Instant now) {
    String micros = Integer.toString(1_000_000 + now.getNano() / 1_000).substring(1);
    return now.getEpochSecond() + "." + micros;
  }

  private static int priority(String text) {
    if (text.startsWith("alert:")) {
      return ALERT;
    }
    return text.startsWith("warning:") ? WARNING : INFO;
  }
}
