package org.sluice.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Reads the command lines of a client (spec 20 section 1.3) in blocks. Used by one thread. */
public final class CommandReader {
  /** Sends what has been said so far. */
  @FunctionalInterface
  public interface Flush {
    /** Called before each read, which may wait. */
    void flush() throws IOException;
  }

  /** Longer lines are refused; qmail has no limit but memory. */
  public static final int LONGEST = 65_536;

  /** Small, since most connections are idle most of the time. */
  private static final int SIZE = 1_024;

  private final Flush replies;
  private InputStream in;
  private byte[] buffer = new byte[SIZE];
  private int position;
  private int limit;

  /**
   * @param replies what is called before a read, so that the client has all answers
   */
  public CommandReader(InputStream in, Flush replies) {
    this.in = in;
    this.replies = replies;
  }

  /** Whether the client has said more than was read: nothing has to be flushed yet. */
  public boolean pending() {
    return position < limit;
  }

  /** Takes what the client has said beyond the last line. */
  public byte[] takeRest() {
    byte[] rest = Arrays.copyOfRange(buffer, position, limit);
    position = limit;
    return rest;
  }

  /** Throws away what has been said, and goes on with another stream: TLS has begun. */
  public void restart(InputStream next) {
    in = next;
    position = 0;
    limit = 0;
  }

  /**
   * The next line without its LF or CR LF, up to its first NUL, as ISO-8859-1.
   *
   * @return empty at the end of the input; an unfinished line does not count
   * @throws LineTooLongException if it has more than {@value #LONGEST} octets
   * @throws IOException as the stream throws it, a time-out for example
   */
  public Optional<String> line() throws IOException {
    int scanned = position;
    while (true) {
      for (int i = scanned; i < limit; i++) {
        if (buffer[i] == '\n') {
          return Optional.of(cut(i));
        }
      }
      makeRoom();
      scanned = limit;
      replies.flush();
      int n = in.read(buffer, limit, buffer.length - limit);
      if (n < 0) {
        return Optional.empty();
      }
      limit += n;
    }
  }

  private String cut(int lf) {
    int end = lf > position && buffer[lf - 1] == '\r' ? lf - 1 : lf;
    var line = new String(buffer, position, end - position, StandardCharsets.ISO_8859_1);
    position = lf + 1;
    int nul = line.indexOf(0);
    return nul < 0 ? line : line.substring(0, nul);
  }

  /** Moves the unfinished line to the front; makes the buffer larger if it fills it. */
  private void makeRoom() throws LineTooLongException {
    if (position > 0) {
      System.arraycopy(buffer, position, buffer, 0, limit - position);
      limit -= position;
      position = 0;
    }
    if (limit >= LONGEST) {
      throw new LineTooLongException();
    }
    if (limit == buffer.length) {
      buffer = Arrays.copyOf(buffer, limit * 2);
    }
  }
}
