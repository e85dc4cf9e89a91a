package org.sluice.filters.dkim.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.sluice.base.Ascii;
import org.sluice.base.HeaderReader;

/**
 * The octets of a header that a signature is about (RFC 6376 section 3.7). The library has this
 * too, but takes text in the platform's character set for octets, and empties the first tag that
 * ends in b.
 */
final class SignedHeader {
  /** The value of the tag b, with what is around it. */
  private static final Pattern OWN = Pattern.compile("(\\A|;)([ \t\r\n]*+b[ \t\r\n]*+=)[^;]*+");

  private static final Pattern BLANKS = Pattern.compile("[ \t]++");

  private final Map<String, List<String>> fields = new HashMap<>();

  /**
   * A header.
   *
   * @param raw its fields as {@link HeaderReader.Raw} has them
   */
  SignedHeader(List<String> raw) {
    for (String field : raw) {
      String name = Ascii.lower(HeaderReader.field(field).name());
      fields.computeIfAbsent(name, n -> new ArrayList<>()).add(whole(field));
    }
  }

  private static String whole(String field) {
    return field.endsWith("\n") ? field : field + "\n";
  }

  /** The fields of a name in small letters, as they stand in the message, each with its LF. */
  List<String> named(String name) {
    return fields.getOrDefault(name, List.of());
  }

  /**
   * The octets, field by field.
   *
   * @param names the names of the signed fields; each time it comes a name stands for the next
   *     field of that name from the bottom, or for nothing if there is none left
   * @param own the field with the signature itself
   */
  List<byte[]> pieces(List<CharSequence> names, String own, boolean relaxed) {
    List<byte[]> out = new ArrayList<>();
    Map<String, Integer> left = new HashMap<>();
    for (CharSequence each : names) {
      String name = Ascii.lower(each.toString());
      List<String> all = named(name);
      int next = left.merge(name, all.size() - 1, (before, ignored) -> before - 1);
      if (next >= 0) {
        out.add(octets(canonical(all.get(next), relaxed)));
      }
    }
    String last = canonical(whole(emptied(own)), relaxed);
    out.add(octets(last.substring(0, last.length() - 2))); // without its CRLF
    return out;
  }

  private static String emptied(String own) {
    int colon = own.indexOf(':') + 1;
    return own.substring(0, colon) + OWN.matcher(own.substring(colon)).replaceFirst("$1$2");
  }

  /** Section 3.4: with CRLF. */
  static String canonical(String field, boolean relaxed) {
    String text = field.substring(0, field.length() - 1);
    if (!relaxed) {
      return text.replace("\n", "\r\n") + "\r\n";
    }
    int colon = text.indexOf(':');
    String name = Ascii.lower(HeaderReader.field(field).name());
    String value = BLANKS.matcher(text.substring(colon + 1).replace("\n", "")).replaceAll(" ");
    int start = value.startsWith(" ") ? 1 : 0;
    int end = value.length() > start && value.endsWith(" ") ? value.length() - 1 : value.length();
    return name + ":" + value.substring(start, end) + "\r\n";
  }

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
