package org.sluice.base;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Some lines, then a message, as input of a program that is run. Remembers why the message could
 * not be read: the program sees nothing but its end, and must not be believed then. Read by one
 * thread.
 */
final class PrefixedInput extends InputStream {
  private final InputStream lines;
  private final InputStream message;
  private final AtomicReference<IOException> failure = new AtomicReference<>();

  /** The message is read from its present position. */
  PrefixedInput(String lines, InputStream message) {
    this.lines = new ByteArrayInputStream(lines.getBytes(StandardCharsets.ISO_8859_1));
    this.message = message;
  }

  @Override
  public int read(byte[] block, int offset, int length) throws IOException {
    int n = lines.read(block, offset, length);
    if (n > 0 || length == 0) {
      return n;
    }
    try {
      return message.read(block, offset, length);
    } catch (IOException e) {
      failure.set(e);
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
  }

  /** Why the message could not be read, if it could not. From any thread. */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure.get());
  }
}
