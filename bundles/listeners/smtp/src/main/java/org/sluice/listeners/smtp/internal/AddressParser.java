package org.sluice.listeners.smtp.internal;

import java.util.Optional;

/** The address in the argument of MAIL and RCPT (spec 20 section 7.4). */
final class AddressParser {
  private static final int LIMIT = 899;

  private AddressParser() {}

  /**
   * What an argument says.
   *
   * @param address without quotes and escapes
   * @param rest what follows it: parameters
   */
  record Path(String address, String rest) {}

  /** The address and what follows it; empty if it is too long. */
  static Optional<Path> parse(String argument, OwnAddresses own) {
    int at = argument.indexOf('<');
    char terminator = '>';
    if (at >= 0) {
      at++;
    } else {
      terminator = ' ';
      int colon = argument.indexOf(':');
      at = colon < 0 ? argument.length() : colon + 1;
      while (at < argument.length() && argument.charAt(at) == ' ') {
        at++;
      }
    }
    if (at < argument.length() && argument.charAt(at) == '@') {
      int colon = argument.indexOf(':', at);
      at = colon < 0 ? argument.length() : colon + 1;
    }
    var address = new StringBuilder(argument.length() - at);
    int end = copy(argument, at, terminator, address);
    String replaced = own.replace(address.toString());
    return replaced.length() > LIMIT
        ? Optional.empty()
        : Optional.of(new Path(replaced, argument.substring(end)));
  }

  /** Copies up to the terminator; where the rest begins. */
  private static int copy(String argument, int from, char terminator, StringBuilder address) {
    boolean escaped = false;
    boolean quoted = false;
    for (int i = from; i < argument.length(); i++) {
      char c = argument.charAt(i);
      if (escaped) {
        address.append(c);
        escaped = false;
      } else if (c == '\\') {
        escaped = true;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == terminator && !quoted) {
        return i + 1;
      } else {
        address.append(c);
      }
    }
    return argument.length();
  }
}
