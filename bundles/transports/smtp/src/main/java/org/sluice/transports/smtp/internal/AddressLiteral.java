package org.sluice.transports.smtp.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.sluice.base.IpText;

/** Hosts written as addresses: 1.2.3.4, [1.2.3.4] and, beyond qmail, [IPv6:...]. */
final class AddressLiteral {
  private static final String IPV6 = "[IPv6:";

  private AddressLiteral() {}

  /** The address, empty if the text is a name. Never asks the DNS. */
  static Optional<InetAddress> parse(String text) {
    try {
      if (text.regionMatches(true, 0, IPV6, 0, IPV6.length()) && text.endsWith("]")) {
        return IpText.parseSix(text.substring(IPV6.length(), text.length() - 1))
            .map(InetAddress.class::cast);
      }
      boolean bracket = text.startsWith("[") && text.endsWith("]");
      byte[] bytes = dotted(bracket ? text.substring(1, text.length() - 1) : text);
      return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      return Optional.empty(); // not an address after all
    }
  }

  /** Four groups of digits, each taken modulo 256, as qmail does; else null. */
  private static byte[] dotted(String text) {
    String[] group = text.split("\\.", -1);
    if (group.length != 4) {
      return null;
    }
    var bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      if (group[i].isEmpty()) {
        return null;
      }
      for (int k = 0; k < group[i].length(); k++) {
        int digit = group[i].charAt(k) - '0';
        if (digit < 0 || digit > 9) {
          return null;
        }
        bytes[i] = (byte) (bytes[i] * 10 + digit);
      }
    }
    return bytes;
  }
}
