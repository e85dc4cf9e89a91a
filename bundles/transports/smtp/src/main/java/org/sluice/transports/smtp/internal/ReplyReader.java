package org.sluice.transports.smtp.internal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads replies as qmail does: lenient about codes, strict about nothing (spec 30 section 2.8). */
final class ReplyReader {
  private static final int KEPT = 5000;

  /** No honest reply is longer; without a limit a server could keep us for ever. */
  private static final int LONGEST = 1 << 20;

  private final InputStream in;
  private final byte[] buffer = new byte[2048];
  private int next;
  private int end;
  private int length;
  private StringBuilder text = new StringBuilder();

  ReplyReader(InputStream in) {
    this.in = in;
  }

  /** The next reply; bytes beyond its end stay for the one after. */
  ServerReply read() throws IOException {
    text = new StringBuilder();
    length = 0;
    int code = 100 * (take() - '0');
    code += 10 * (take() - '0');
    code += take() - '0';
    while (skipLine()) {
      take();
      take();
      take();
    }
    return new ServerReply(code < 0 ? Integer.MAX_VALUE : code, text.toString());
  }

  /** Whether nothing has been read ahead. */
  boolean drained() {
    return next == end;
  }

  /** From the byte after the code to the end of the line; whether the reply goes on. */
  private boolean skipLine() throws IOException {
    int first = take();
    int c = first;
    while (c != '\n') {
      c = take();
    }
    return first == '-';
  }

  private int take() throws IOException {
    if (next == end) {
      int got = in.read(buffer);
      if (got <= 0) {
        throw new EOFException("the server closed the connection");
      }
      next = 0;
      end = got;
    }
    if (++length > LONGEST) {
      throw new IOException("the server's reply has no end");
    }
    int c = buffer[next++] & 0xff;
    if (c != '\r' && text.length() < KEPT) {
      text.append(c == 0 ? '?' : (char) c);
    }
    return c;
  }
}
