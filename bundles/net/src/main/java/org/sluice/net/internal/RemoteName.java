package org.sluice.net.internal;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/** The name of a client by reverse DNS, as TCPREMOTEHOST. */
final class RemoteName {
  private RemoteName() {}

  /** Null if there is none; Java also checks that the name leads back to the address. */
  static String of(InetAddress address) {
    String name = address.getCanonicalHostName();
    return name.equals(address.getHostAddress()) ? null : escape(name);
  }

  /** Lower case; octets that are not letters, digits, - _ or . become \ooo (spec 20, 5.3). */
  static String escape(String name) {
    var text = new StringBuilder();
    for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
      int c = octet >= 'A' && octet <= 'Z' ? octet + 32 : octet & 0xff;
      if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
        text.append((char) c);
      } else {
        text.append('\\').append((char) ('0' + (c >> 6)));
        text.append((char) ('0' + (c >> 3 & 7))).append((char) ('0' + (c & 7)));
      }
    }
    return text.toString();
  }
}
