package org.sluice.tcp.limits.internal;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.sluice.api.net.ClientLimits;
import org.sluice.base.Networks;

/**
 * Whom limits take for one: addresses that begin with the same bits.
 *
 * @param four bits of IPv4, 0 to 32
 * @param six bits of IPv6, 0 to 128
 */
record ClientNetwork(int four, int six) {
  /** One client: of IPv6 what one customer gets at least, and may choose addresses from. */
  static final ClientNetwork CLIENT = new ClientNetwork(32, 64);

  /** Whom the limits of networks are for. */
  static ClientNetwork of(ClientLimits limits) {
    return new ClientNetwork(limits.networkBits(), limits.networkBitsIpv6());
  }

  /** The first address of the network that an address is in. */
  InetAddress of(InetAddress address) {
    return Networks.first(address, address instanceof Inet6Address ? six : four);
  }
}
