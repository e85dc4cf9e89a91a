package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** The client's octets in one buffer; replies are flushed before a read that may wait. */
final class Input {
  /** For commands: an idle session is to cost little. */
  private static final int SIZE = 512;

  /** For messages. */
  private static final int BLOCK = 16_384;

  /** So much is kept of a command line of a client on a socket: qmail has no limit but memory. */
  static final int LINE_LIMIT = 65_536;

  /** On descriptors; the memory of qmail-smtpd is this server's. */
  static final int PROGRAM_LINE_LIMIT = 1_048_576;

  /** No limit: longer than any session. */
  static final Duration EVER = Duration.ofDays(365);

  private final InputStream in;
  private final Output out;
  private final LongSupplier nanoTime;
  private final int lineLimit;
  private byte[] buffer = new byte[SIZE];
  private int position;
  private int limit;
  private long patience = EVER.toNanos();
  private long since;
  private boolean cut;

  /**
   * A client's.
   *
   * @param lineLimit octets that are kept of a line
   */
  Input(InputStream in, Output out, LongSupplier nanoTime, int lineLimit) {
    this.in = in;
    this.out = out;
    this.nanoTime = nanoTime;
    this.lineLimit = lineLimit;
  }

  /** Whether the next command may have arrived already. */
  boolean buffered() {
    return position < limit;
  }

  byte[] buffer() {
    return buffer;
  }

  int position() {
    return position;
  }

  int limit() {
    return limit;
  }

  void position(int value) {
    position = value;
  }

  /**
   * From now on what is read must come within this time. Looked at whenever something has come: it
   * is for clients that send an octet now and then, and each wait has the session's time-out.
   */
  void within(Duration time) {
    since = nanoTime.getAsLong();
    patience = time.toNanos();
  }

  /** Whether the client says something before a read gives up. */
  boolean speaks() throws IOException {
    try {
      return buffered() || more();
    } catch (SessionEnd end) {
      return false;
    }
  }

  /** Reads more of a message, forgetting what was consumed; false at the end of the input. */
  boolean fill() throws IOException {
    empty(BLOCK);
    return more();
  }

  private void empty(int size) {
    position = 0;
    limit = 0;
    buffer = buffer.length == size ? buffer : new byte[size];
  }

  private boolean more() throws IOException {
    out.flush();
    try {
      int n = in.read(buffer, limit, buffer.length - limit);
      limit += Math.max(n, 0);
      if (nanoTime.getAsLong() - since > patience) {
        throw SessionEnd.timeout();
      }
      return n >= 0;
    } catch (SocketTimeoutException e) {
      throw SessionEnd.timeout();
    }
  }

  /** Whether the line that was read last was longer than what {@link #line} has given of it. */
  boolean cut() {
    return cut;
  }

  /**
   * The next line without its end (spec 20 section 1.3), ISO-8859-1. One over the limit is read to
   * its end, and cut.
   *
   * @param time from its first octet to its end
   * @throws SessionEnd at the end of the input, silently
   */
  String line(Duration time) throws IOException {
    within(buffered() ? time : EVER);
    if (!buffered()) {
      empty(SIZE);
    }
    cut = false;
    String kept = "";
    int scanned = position;
    while (true) {
      for (int i = scanned; i < limit; i++) {
        if (buffer[i] == '\n') {
          int end = i > position && buffer[i - 1] == '\r' ? i - 1 : i;
          String line = cut ? kept : text(end);
          position = i + 1;
          int nul = line.indexOf(0);
          return nul < 0 ? line : line.substring(0, nul);
        }
      }
      if (limit - position >= lineLimit) {
        kept = cut ? kept : text(position + lineLimit);
        cut = true;
        position = limit;
      }
      boolean begun = buffered() || cut;
      scanned = compact();
      if (!more()) {
        throw new SessionEnd("", 1);
      }
      if (!begun) {
        within(time);
      }
    }
  }

  private String text(int end) {
    return new String(buffer, position, end - position, StandardCharsets.ISO_8859_1);
  }

  /** Makes room behind the unfinished line; where scanning goes on. */
  private int compact() {
    if (position > 0) {
      System.arraycopy(buffer, position, buffer, 0, limit - position);
      limit -= position;
      position = 0;
    }
    if (limit == buffer.length) {
      buffer = Arrays.copyOf(buffer, limit * 2);
    }
    return limit;
  }
}
