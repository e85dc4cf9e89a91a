package org.sluice.listeners.smtp.internal;

import java.util.Optional;

/** The address in the argument of MAIL and RCPT (spec 20 section 7.4). */
final class AddressParser {
  private static final int LIMIT = 899;

  private AddressParser() {}

  /** The address, without quotes and escapes; empty if it is too long. */
  static Optional<String> parse(String argument, OwnAddresses own) {
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
    String address = own.replace(copy(argument, at, terminator));
    return address.length() > LIMIT ? Optional.empty() : Optional.of(address);
  }

  private static String copy(String argument, int from, char terminator) {
    var address = new StringBuilder(argument.length() - from);
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
        break;
      } else {
        address.append(c);
      }
    }
    return address.toString();
  }
}
