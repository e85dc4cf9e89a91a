package org.sluice.tools.rblsmtpd.internal;

import java.net.Inet6Address;
import java.util.Optional;
import org.sluice.base.IpText;

/** What stands before the base of a list: the parts of an address, the last one first. */
final class ReversedAddress {
  private ReversedAddress() {}

  /**
   * Of the text of an address, with a dot behind each part. IPv4 by its numbers; IPv6, which the
   * original knew nothing of, by its hexadecimal digits (RFC 5782 section 2.4).
   */
  static String of(String address) {
    var name = new StringBuilder();
    Optional<Inet6Address> six = IpText.parseSix(address);
    if (six.isPresent()) {
      byte[] octets = six.get().getAddress();
      for (int i = octets.length - 1; i >= 0; i--) {
        name.append(Character.forDigit(octets[i] & 15, 16)).append('.');
        name.append(Character.forDigit(octets[i] >> 4 & 15, 16)).append('.');
      }
      return name.toString();
    }
    for (int end = address.length(); end > 0; ) {
      int dot = address.lastIndexOf('.', end - 1);
      name.append(address, dot + 1, end).append('.');
      end = dot;
    }
    return name.toString();
  }
}
