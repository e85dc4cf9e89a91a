package org.sluice.net.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sluice.base.Decimal;
import org.sluice.base.IpText;
import org.sluice.base.Networks;

/**
 * Networks of IPv6 in rules: an address in RFC 5952's form, a slash and the length of the prefix.
 * tcprules knows none; its grammar has no room for colons.
 */
public final class SixPrefix {
  private static final int BITS = 128;

  private SixPrefix() {}

  /** The key of a rule for {@code address} or {@code address/length}; empty if it is neither. */
  public static Optional<String> key(String text) {
    int slash = text.indexOf('/');
    var address = IpText.parseSix(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty() || slash < 0) {
      return address.map(IpText::of);
    }
    String length = text.substring(slash + 1);
    boolean number =
        !length.isEmpty() && length.length() <= 3 && Decimal.digits(length) == length.length();
    int bits = number ? (int) Decimal.leading(length) : -1;
    if (bits < 0 || bits > BITS) {
      return Optional.empty();
    }
    return Optional.of(bits == BITS ? IpText.of(address.get()) : key(address.get(), bits));
  }

  /** The keys of all networks that an address is in, the smallest first. */
  static List<String> keys(Inet6Address address) {
    List<String> keys = new ArrayList<>();
    for (int bits = BITS - 1; bits >= 0; bits--) {
      keys.add(key(address, bits));
    }
    return keys;
  }

  private static String key(InetAddress address, int bits) {
    return IpText.of(Networks.first(address, bits)) + "/" + bits;
  }
}
