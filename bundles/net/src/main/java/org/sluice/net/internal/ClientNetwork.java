package org.sluice.net.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/** Whom limits take for one client. */
final class ClientNetwork {
  /** What one customer gets at least, and may choose addresses from. */
  private static final int SIX_OCTETS = 8;

  private ClientNetwork() {}

  /** A key: the address itself, of IPv6 its network of 64 bits. */
  static Object of(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address;
    }
    byte[] octets = address.getAddress();
    Byte[] network = new Byte[SIX_OCTETS];
    Arrays.setAll(network, i -> octets[i]);
    return List.of(network);
  }
}
