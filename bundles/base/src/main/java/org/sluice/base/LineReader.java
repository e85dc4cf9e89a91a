package org.sluice.base;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Lines of bytes, as ISO-8859-1, of a file that its owner answers for: there is no limit. Used by
 * one thread.
 */
public final class LineReader implements Closeable {
  private final InputStream in;

  /** Reads ahead, in blocks. */
  public LineReader(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /** The next line with its LF, which the last one may lack; empty at the end. */
  public Optional<String> next() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int octet = in.read(); octet >= 0; octet = in.read()) {
      line.write(octet);
      if (octet == '\n') {
        break;
      }
    }
    return line.size() == 0
        ? Optional.empty()
        : Optional.of(line.toString(StandardCharsets.ISO_8859_1));
  }

  /** A line without the blanks, tabs and LF at its end. */
  public static String trimmed(String line) {
    int end = line.length();
    while (end > 0 && " \t\n".indexOf(line.charAt(end - 1)) >= 0) {
      end--;
    }
    return line.substring(0, end);
  }

  /** Closes the stream. */
  @Override
  public void close() throws IOException {
    in.close();
  }
}
