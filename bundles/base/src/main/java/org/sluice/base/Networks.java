package org.sluice.base;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** A list of addresses and networks, IPv4 and IPv6: who is trusted, or exempt. Immutable. */
public final class Networks {
  private record Network(byte[] address, int prefix) {
    boolean contains(byte[] other) {
      boolean same = address.length == other.length;
      for (int i = 0; same && i < prefix; i++) {
        int bit = 0x80 >> (i & 7);
        same = (address[i >> 3] & bit) == (other[i >> 3] & bit);
      }
      return same;
    }
  }

  private final List<Network> networks;

  private Networks(List<Network> networks) {
    this.networks = List.copyOf(networks);
  }

  /**
   * Reads a list.
   *
   * @param list addresses, and networks such as {@code 10.0.0.0/8}, separated by commas or blanks
   * @throws IllegalArgumentException naming the entry that is neither
   */
  public static Networks of(String list) {
    List<Network> networks = new ArrayList<>();
    for (String entry : list.split("[,\\s]+")) {
      if (!entry.isEmpty()) {
        networks.add(network(entry));
      }
    }
    return new Networks(networks);
  }

  private static Network network(String entry) {
    int slash = entry.indexOf('/');
    String address = slash < 0 ? entry : entry.substring(0, slash);
    byte[] octets =
        IpText.parse(address)
            .orElseThrow(() -> new IllegalArgumentException("no network: " + entry))
            .getAddress();
    String prefix = slash < 0 ? Integer.toString(8 * octets.length) : entry.substring(slash + 1);
    if (!prefix.matches("[0-9]{1,3}") || Integer.parseInt(prefix) > 8 * octets.length) {
      throw new IllegalArgumentException("no network: " + entry);
    }
    return new Network(octets, Integer.parseInt(prefix));
  }

  /** Whether nobody is in the list. */
  public boolean isEmpty() {
    return networks.isEmpty();
  }

  /** Whether an address is in the list. */
  public boolean contains(InetAddress address) {
    byte[] octets = address.getAddress();
    for (Network network : networks) {
      if (network.contains(octets)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text is an address that is in the list. */
  public boolean contains(String text) {
    return !networks.isEmpty() && IpText.parse(text).filter(this::contains).isPresent();
  }

  /**
   * The first address of the network that an address is in.
   *
   * @param bits so many are the same in all of the network, of 32 or 128
   */
  public static InetAddress first(InetAddress address, int bits) {
    byte[] octets = address.getAddress();
    for (int i = 0; i < octets.length; i++) {
      int keep = Math.max(0, Math.min(8, bits - 8 * i));
      octets[i] &= (byte) (0xff00 >> keep);
    }
    try {
      return InetAddress.getByAddress(octets);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("so many octets are an address", e);
    }
  }
}
