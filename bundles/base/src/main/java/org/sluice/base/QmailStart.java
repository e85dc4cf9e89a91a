package org.sluice.base;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code bin/qmail-start} was given, if it has started this process. It comes in hexadecimal
 * digits: neither a shell nor the JVM, which decodes by the locale, may change an octet. All
 * strings are bytes (ISO-8859-1). By any thread; nothing is ever thrown for what the script hands
 * over.
 */
public final class QmailStart {
  private static final String STARTED = "sluice.start";
  private static final String DELIVERY = "sluice.start.delivery";

  /** A variable, not a property: other users can read a command line, and it may hold secrets. */
  private static final String ENVIRONMENT = "SLUICE_START_ENVIRONMENT";

  private QmailStart() {}

  /**
   * Whether this process is qmail-send to whoever has started it: its log goes to descriptor 0, and
   * it exits 0 after a TERM.
   */
  public static boolean started() {
    return System.getProperty(STARTED) != null;
  }

  /** The default delivery instructions; empty unless it was started so. */
  public static Optional<String> delivery() {
    return Optional.ofNullable(System.getProperty(DELIVERY)).map(QmailStart::octets);
  }

  /** The environment, all of it; empty unless it was started so. */
  public static Optional<Map<String, String>> environment() {
    return Optional.ofNullable(System.getenv(ENVIRONMENT)).map(QmailStart::variables);
  }

  /** The variables in digits that mean {@code NAME=value} and a NUL each; the last of a name. */
  static Map<String, String> variables(String digits) {
    Map<String, String> variables = new HashMap<>();
    for (String pair : octets(digits).split("\0")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        variables.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return Map.copyOf(variables);
  }

  static String octets(String digits) {
    return new String(HexFormat.of().parseHex(digits), StandardCharsets.ISO_8859_1);
  }
}
