package org.sluice.net.internal;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sluice.base.Decimal;
import org.sluice.base.IpText;
import org.sluice.base.Networks;

/**
 * Addresses and networks of IPv4 in brackets. tcprules takes such a line for an address that no
 * client has; the key is the same here, brackets included, so that the databases are too.
 */
public final class FourPrefix {
  private static final int BITS = 32;
  private static final Pattern MEANT = Pattern.compile("[0-9][0-9./-]*");

  private FourPrefix() {}

  /** Whether a text in brackets can only be meant for IPv4. */
  public static boolean meant(String text) {
    return MEANT.matcher(text).matches();
  }

  /** The key of a rule for {@code address} or {@code address/length}; empty if it is neither. */
  public static Optional<String> key(String text) {
    int slash = text.indexOf('/');
    var address =
        IpText.parse(slash < 0 ? text : text.substring(0, slash))
            .filter(Inet4Address.class::isInstance);
    if (address.isEmpty() || slash < 0) {
      return address.map(a -> key(a, BITS));
    }
    String length = text.substring(slash + 1);
    boolean number =
        !length.isEmpty() && length.length() <= 2 && Decimal.digits(length) == length.length();
    int bits = number ? (int) Decimal.leading(length) : -1;
    return address.filter(a -> bits >= 0 && bits <= BITS).map(a -> key(a, bits));
  }

  /**
   * The keys of all networks that an address is in, the smallest first, with those that tcprules
   * knows, {@code 192.0.2.} for example, where they belong. The address itself is not one of them.
   *
   * @param brackets false for those of tcprules alone
   */
  static List<String> keys(InetAddress address, boolean brackets) {
    String ip = IpText.of(address);
    List<String> keys = new ArrayList<>();
    int end = ip.length();
    for (int bits = BITS - 1; bits >= 0; bits--) {
      if (bits > 0 && bits % 8 == 0) {
        end = ip.lastIndexOf('.', end - 1);
        keys.add(ip.substring(0, end + 1));
      }
      if (brackets) {
        keys.add(key(address, bits));
      }
    }
    return keys;
  }

  private static String key(InetAddress address, int bits) {
    return bits == BITS
        ? "[" + IpText.of(address) + "]"
        : "[" + IpText.of(Networks.first(address, bits)) + "/" + bits + "]";
  }
}
