package org.sluice.smtp.xclient.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sluice.base.Ascii;
import org.sluice.base.IpText;
import org.sluice.base.Xtext;

/** What stands behind XCLIENT and XFORWARD: {@code NAME=xtext}, several of them. */
final class Attributes {
  private static final String SIX = "IPV6:";

  /** What logs and the Received line are to be burdened with at most. */
  private static final int LONGEST = 255;

  private Attributes() {}

  /**
   * The values by name, in order, addresses as qmail writes them; an empty one is not known to the
   * client.
   *
   * @return empty if there is another name than these, or a value is wrong
   */
  static Optional<Map<String, String>> parse(String argument, List<String> names) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String word : argument.strip().split(" +")) {
      int equals = word.indexOf('=');
      String name = Ascii.upper(word.substring(0, Math.max(0, equals)));
      Optional<String> value =
          Xtext.decode(word.substring(equals + 1))
              .filter(Attributes::plain)
              .flatMap(v -> checked(name, v));
      if (!names.contains(name) || value.isEmpty()) {
        return Optional.empty();
      }
      values.put(name, value.get());
    }
    return Optional.of(values);
  }

  /** Without control characters, which logs and headers are to be spared. */
  private static boolean plain(String value) {
    return value.length() <= LONGEST && value.chars().allMatch(c -> c >= ' ' && c != 0x7f);
  }

  private static Optional<String> checked(String name, String value) {
    if (value.isEmpty()
        || value.equalsIgnoreCase("[UNAVAILABLE]")
        || value.equalsIgnoreCase("[TEMPUNAVAIL]")) {
      return Optional.of("");
    }
    return switch (name) {
      case "ADDR", "DESTADDR" -> address(value);
      case "NAME" -> Optional.of(Ascii.lower(value)); // as from the DNS: rules look for that
      case "PORT", "DESTPORT" -> Optional.of(value).filter(Attributes::port);
      default -> Optional.of(value);
    };
  }

  private static Optional<String> address(String text) {
    boolean six = text.toUpperCase(Locale.ROOT).startsWith(SIX);
    return IpText.parse(six ? text.substring(SIX.length()) : text)
        .map(IpText::of)
        .filter(address -> six == address.contains(":"));
  }

  private static boolean port(String text) {
    return text.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65535;
  }
}
