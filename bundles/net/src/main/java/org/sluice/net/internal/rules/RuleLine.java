package org.sluice.net.internal.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sluice.base.Decimal;
import org.sluice.net.internal.FourPrefix;
import org.sluice.net.internal.SixPrefix;

/**
 * One line of rules (spec 20 sections 4.2 to 4.4), bytes as ISO-8859-1. Beyond tcprules: {@code
 * [2001:db8::1]} and {@code [2001:db8::/32]} are addresses; tcprules cannot parse such a line. So
 * are {@code [192.0.2.1]} and {@code [192.0.2.0/24]}, which tcprules takes for text.
 *
 * @param addresses the keys, several if the address is a range, perhaps none
 * @param data the instructions of each, as they are stored
 */
record RuleLine(List<String> addresses, String data) {
  /** A line that is no rule. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super("not a rule", null, false, false); // expected: no stack trace needed
    }
  }

  /**
   * Parses a line without LF and blanks at its end.
   *
   * @return empty if the line says nothing
   */
  static Optional<RuleLine> parse(String line) throws Malformed {
    int close = line.startsWith("[") ? line.indexOf("]:") : -1;
    Optional<String> six = close < 0 ? Optional.empty() : SixPrefix.key(line.substring(1, close));
    int colon = six.isPresent() ? close + 1 : line.indexOf(':');
    if (colon < 0 || line.startsWith("#")) {
      return Optional.empty();
    }
    String rest = line.substring(colon + 1);
    var data = new StringBuilder();
    if (rest.startsWith("deny")) {
      data.append("D\0");
      rest = rest.substring(4);
    } else if (rest.startsWith("allow")) {
      rest = rest.substring(5);
    } else {
      throw new Malformed();
    }
    variables(rest, data);
    List<String> addresses =
        six.isPresent() ? List.of(six.get()) : addresses(line.substring(0, colon));
    return Optional.of(new RuleLine(addresses, data.toString()));
  }

  /** Any number of {@code ,NAME=qVALUEq} where q is any octet. */
  private static void variables(String text, StringBuilder data) throws Malformed {
    int at = 0;
    while (at < text.length()) {
      int equals = text.indexOf('=', at);
      if (text.charAt(at) != ',' || equals < 0 || equals + 1 == text.length()) {
        throw new Malformed();
      }
      int end = text.indexOf(text.charAt(equals + 1), equals + 2);
      if (end < 0) {
        throw new Malformed();
      }
      data.append('+').append(text, at + 1, equals + 1).append(text, equals + 2, end).append('\0');
      at = end + 1;
    }
  }

  private static List<String> addresses(String address) throws Malformed {
    if (address.startsWith("[") && address.endsWith("]")) {
      String inside = address.substring(1, address.length() - 1);
      if (FourPrefix.meant(inside)) {
        // A rule that never matches would let in whom it is to keep out.
        return List.of(FourPrefix.key(inside).orElseThrow(Malformed::new));
      }
    }
    int dash = address.indexOf('-');
    if (dash < 0 || address.indexOf('=') >= 0 || address.indexOf('@') >= 0) {
      return List.of(address);
    }
    int left = address.lastIndexOf('.', dash) + 1;
    int dot = address.indexOf('.', dash);
    int right = dot < 0 ? address.length() : dot;
    long first = number(address.substring(left, dash));
    long last = number(address.substring(dash + 1, right));
    last = Long.compareUnsigned(last, 255) > 0 ? 255 : last;
    List<String> addresses = new ArrayList<>();
    if (Long.compareUnsigned(first, last) <= 0) {
      for (long i = first; i <= last; i++) {
        addresses.add(address.substring(0, left) + i + address.substring(right));
      }
    }
    return addresses;
  }

  private static long number(String part) throws Malformed {
    String text = part.split("\0", 2)[0]; // a string of C ends at its NUL
    if (Decimal.digits(text) < text.length()) {
      throw new Malformed();
    }
    return Decimal.leading(text);
  }
}
