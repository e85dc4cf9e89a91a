package org.sluice.base;

import java.util.HexFormat;
import java.util.Optional;

/** The encoding of values in SMTP parameters (RFC 3461 section 4). */
public final class Xtext {
  private Xtext() {}

  /**
   * What a value says: bytes as ISO-8859-1. {@code +HH} is an octet in upper-case hexadecimal;
   * every other character is printable US-ASCII without the equals sign.
   *
   * @return empty if it is no xtext
   */
  public static Optional<String> decode(String value) {
    var out = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '+') {
        boolean whole = i + 2 < value.length();
        int high = whole ? hex(value.charAt(i + 1)) : -1;
        int low = whole ? hex(value.charAt(i + 2)) : -1;
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        out.append((char) (high << 4 | low));
        i += 2;
      } else if (c < '!' || c > '~' || c == '=') {
        return Optional.empty();
      } else {
        out.append(c);
      }
    }
    return Optional.of(out.toString());
  }

  private static int hex(char c) {
    return HexFormat.isHexDigit(c) && c <= 'F' ? HexFormat.fromHexDigit(c) : -1;
  }
}
