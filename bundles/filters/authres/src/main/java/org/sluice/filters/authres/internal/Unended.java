package org.sluice.filters.authres.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.sluice.api.mail.MessageSource;
import org.sluice.base.HeaderReader;

/**
 * A header that ends with a line that is no field, and not with an empty one. Nothing can be taken
 * away behind it, but some who read mail pass over such a line and go on.
 */
final class Unended {
  private Unended() {}

  /** Whether there is a field of ours between the end of the header and the first empty line. */
  static boolean hides(MessageSource message) throws IOException {
    long header;
    try (InputStream in = message.open()) {
      header = HeaderReader.raw(in).fields().stream().mapToLong(String::length).sum();
    }
    try (InputStream in = new BufferedInputStream(message.open())) {
      in.skipNBytes(header);
      byte[] start = new byte[Field.NAME.length() + 1];
      while (true) {
        int length = 0;
        int c = in.read();
        for (; c >= 0 && c != '\n'; c = in.read()) {
          if (length < start.length) {
            start[length] = (byte) c;
          }
          length++;
        }
        if (length == 0) {
          return false; // the empty line, or the end
        }
        if (length >= start.length && names(start)) {
          return true;
        }
        if (c < 0) {
          return false;
        }
      }
    }
  }

  /** Blanks in front of the colon are none of the name's. */
  private static boolean names(byte[] start) {
    String name = new String(start, 0, start.length - 1, StandardCharsets.ISO_8859_1);
    return name.equalsIgnoreCase(Field.NAME) && ": \t".indexOf(start[start.length - 1]) >= 0;
  }
}
