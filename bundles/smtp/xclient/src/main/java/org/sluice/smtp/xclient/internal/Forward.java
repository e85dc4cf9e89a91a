package org.sluice.smtp.xclient.internal;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sluice.base.PrintableText;

/** What an XFORWARD command says: where the next message comes from, for the log alone. */
final class Forward {
  /** The attributes, in the order in which they are announced. */
  static final String ATTRIBUTES = "NAME ADDR PORT PROTO HELO IDENT SOURCE";

  private static final List<String> NAMES = List.of(ATTRIBUTES.split(" "));

  private Forward() {}

  /**
   * What is to be logged, one word an attribute; empty if an attribute is unknown or its value
   * wrong.
   */
  static Optional<String> parse(String argument) {
    return Attributes.parse(argument, NAMES)
        .filter(values -> source(values.getOrDefault("SOURCE", "")))
        .map(
            values ->
                values.entrySet().stream()
                    .map(value -> value.getKey() + "=" + word(value.getValue()))
                    .collect(Collectors.joining(" ")));
  }

  private static String word(String value) {
    return PrintableText.of(value, '?').replace(' ', '?');
  }

  private static boolean source(String text) {
    return text.isEmpty() || text.equalsIgnoreCase("LOCAL") || text.equalsIgnoreCase("REMOTE");
  }
}
