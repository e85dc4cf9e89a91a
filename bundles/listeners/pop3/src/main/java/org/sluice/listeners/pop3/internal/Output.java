package org.sluice.listeners.pop3.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Replies and messages, gathered until there is nothing left to parse or the buffer is full. */
final class Output {
  private static final int SMALL = 512;
  private static final int LARGE = 32_768;

  private OutputStream out;
  private byte[] buffer = new byte[SMALL];
  private int length;

  Output(OutputStream out) {
    this.out = out;
  }

  /** Goes on with another stream: TLS has begun. All is flushed. */
  void restart(OutputStream next) {
    out = next;
  }

  /** A reply line; bytes as ISO-8859-1. */
  void line(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    write(bytes, 0, bytes.length);
    end();
  }

  /** CR LF. */
  void end() throws IOException {
    write('\r');
    write('\n');
  }

  void write(char octet) throws IOException {
    if (length == buffer.length) {
      makeRoom();
    }
    buffer[length++] = (byte) octet;
  }

  void write(byte[] bytes, int from, int count) throws IOException {
    int done = 0;
    while (done < count) {
      if (length == buffer.length) {
        makeRoom();
      }
      int n = Math.min(count - done, buffer.length - length);
      System.arraycopy(bytes, from + done, buffer, length, n);
      length += n;
      done += n;
    }
  }

  private void makeRoom() throws IOException {
    if (buffer.length < LARGE) {
      buffer = Arrays.copyOf(buffer, buffer.length * 4);
    } else {
      flush();
    }
  }

  void flush() throws IOException {
    if (length > 0) {
      out.write(buffer, 0, length);
      out.flush();
      length = 0;
    }
  }
}
