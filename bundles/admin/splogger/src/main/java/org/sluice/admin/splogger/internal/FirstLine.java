package org.sluice.admin.splogger.internal;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.sluice.base.PrintableText;

/** Keeps the first line of what is written to it, cut and printable. Thread-safe. */
final class FirstLine extends OutputStream {
  private static final int LIMIT = 200;

  private final byte[] line = new byte[LIMIT];
  private int length;
  private boolean complete;

  @Override
  public synchronized void write(int octet) {
    complete |= octet == '\n' || length == LIMIT;
    if (!complete) {
      line[length++] = (byte) octet;
    }
  }

  @Override
  public synchronized void write(byte[] octets, int offset, int count) {
    for (int i = offset; i < offset + count && !complete; i++) {
      write(octets[i]);
    }
  }

  @Override
  public synchronized String toString() {
    byte[] octets = Arrays.copyOf(line, length);
    return PrintableText.of(new String(octets, StandardCharsets.ISO_8859_1), '?');
  }
}
