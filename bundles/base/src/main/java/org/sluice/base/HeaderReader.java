package org.sluice.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.HeaderField;

/** Reads a header section, bounded to {@value #LIMIT} octets and {@value #FIELDS} fields. */
public final class HeaderReader {
  /** Octets looked at, at most. */
  public static final int LIMIT = 1 << 20;

  /** Fields looked at, at most. */
  public static final int FIELDS = 10_000;

  private HeaderReader() {}

  /**
   * The fields of a header as they stand in the message.
   *
   * @param fields each with its folding and its last LF, if it has one; bytes as ISO-8859-1
   * @param truncated whether reading stopped at a limit before the header ended
   */
  public record Raw(List<String> fields, boolean truncated) {}

  /** Reads until the empty line, the first line that is no field, or a limit. */
  public static Header read(InputStream in) throws IOException {
    Raw raw = raw(in);
    return new Header(raw.fields().stream().map(HeaderReader::field).toList(), raw.truncated());
  }

  /** Reads the same as it stands, so that it can be written again byte by byte. */
  public static Raw raw(InputStream in) throws IOException {
    return raw(in, LIMIT);
  }

  /**
   * Likewise, for who holds many headers at once.
   *
   * @param limit octets looked at, at most; 8192 or more
   */
  public static Raw raw(InputStream in, int limit) throws IOException {
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
      if (length >= limit) {
        return parse(bytes, length, true);
      }
      if (length == bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, Math.min(limit, length * 2));
      }
    }
  }

  /** A field as {@link Raw} has it, taken apart. */
  public static HeaderField field(String raw) {
    int colon = raw.indexOf(':');
    int end = raw.endsWith("\n") ? raw.length() - 1 : raw.length();
    return new HeaderField(raw.substring(0, nameEnd(raw, colon)), raw.substring(colon + 1, end));
  }

  private static boolean ends(byte[] bytes, int from, int length) {
    for (int i = from; i + 1 < length; i++) {
      if (bytes[i] == '\n' && bytes[i + 1] == '\n') {
        return true;
      }
    }
    return length > 0 && bytes[0] == '\n';
  }

  private static Raw parse(byte[] bytes, int length, boolean truncated) {
    List<String> fields = new ArrayList<>();
    var text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    int at = 0;
    while (at < length && isField(text, at)) {
      if (fields.size() == FIELDS) {
        return new Raw(List.copyOf(fields), true);
      }
      int end = endOfField(text, at);
      fields.add(text.substring(at, Math.min(end + 1, length)));
      at = end + 1;
    }
    // A whole line that is no field ends the header, however long the message goes on.
    return new Raw(List.copyOf(fields), truncated && text.indexOf('\n', at) < 0);
  }

  /** qmail's rule: octets 33 to 126, then blanks perhaps, then the colon. */
  private static boolean isField(String text, int from) {
    int colon = text.indexOf(':', from);
    int end = colon < 0 ? from : nameEnd(text, colon);
    for (int i = from; i < end; i++) {
      if (text.charAt(i) < 33 || text.charAt(i) > 126) {
        return false;
      }
    }
    return end > from;
  }

  private static int nameEnd(String text, int colon) {
    int end = colon;
    while (end > 0 && " \t".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return end;
  }

  private static int endOfField(String text, int from) {
    int end = text.indexOf('\n', from);
    while (end >= 0 && end + 1 < text.length() && " \t".indexOf(text.charAt(end + 1)) >= 0) {
      end = text.indexOf('\n', end + 1);
    }
    return end < 0 ? text.length() : end;
  }
}
