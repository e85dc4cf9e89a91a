package org.sluice.api.net;

/**
 * What a listener allows a client, and all clients of a network (spec 20 section 15.14). A client
 * is an address, of IPv6 a network of 64 bits. Of the first four 0 is any number; none is less.
 *
 * @param perAddress connections of a client at the same time
 * @param perAddressRate connections of a client in a minute
 * @param perNetwork connections of a network at the same time
 * @param perNetworkRate connections of a network in a minute
 * @param networkBits so many first bits the addresses of a network of IPv4 have in common, 1 to 32
 * @param networkBitsIpv6 likewise of IPv6, 1 to 64
 */
public record ClientLimits(
    int perAddress,
    int perAddressRate,
    int perNetwork,
    int perNetworkRate,
    int networkBits,
    int networkBitsIpv6) {
  /** Whether there is anything to be limited. */
  public boolean any() {
    return perAddress > 0 || perAddressRate > 0 || perNetwork > 0 || perNetworkRate > 0;
  }
}
