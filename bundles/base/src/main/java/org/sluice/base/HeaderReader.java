package org.sluice.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.HeaderField;

/** Reads a header section, bounded to {@value #LIMIT} octets. */
public final class HeaderReader {
  /** Octets looked at, at most. */
  public static final int LIMIT = 1 << 20;

  private HeaderReader() {}

  /** Reads until the empty line, the first line that is no field, or the limit. */
  public static Header read(InputStream in) throws IOException {
    byte[] bytes = new byte[8192];
    int length = 0;
    while (true) {
      int n = in.read(bytes, length, bytes.length - length);
      if (n < 0) {
        return parse(bytes, length, false);
      }
      int from = Math.max(0, length - 1);
      length += n;
      if (ends(bytes, from, length)) {
        return parse(bytes, length, false);
      }
      if (length >= LIMIT) {
        return parse(bytes, length, true);
      }
      if (length == bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, Math.min(LIMIT, length * 2));
      }
    }
  }

  private static boolean ends(byte[] bytes, int from, int length) {
    for (int i = from; i + 1 < length; i++) {
      if (bytes[i] == '\n' && bytes[i + 1] == '\n') {
        return true;
      }
    }
    return length > 0 && bytes[0] == '\n';
  }

  private static Header parse(byte[] bytes, int length, boolean truncated) {
    List<HeaderField> fields = new ArrayList<>();
    var text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    int at = 0;
    while (at < length && text.charAt(at) != '\n') {
      int end = endOfField(text, at);
      int colon = text.indexOf(':', at);
      if (colon <= at || colon >= end) {
        break;
      }
      fields.add(
          new HeaderField(
              text.substring(at, colon).stripTrailing(), text.substring(colon + 1, end)));
      at = end + 1;
    }
    return new Header(fields, truncated);
  }

  private static int endOfField(String text, int from) {
    int end = text.indexOf('\n', from);
    while (end >= 0 && end + 1 < text.length() && " \t".indexOf(text.charAt(end + 1)) >= 0) {
      end = text.indexOf('\n', end + 1);
    }
    return end < 0 ? text.length() : end;
  }
}
