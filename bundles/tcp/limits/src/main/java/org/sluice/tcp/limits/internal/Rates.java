package org.sluice.tcp.limits.internal;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.sluice.api.net.ClientLimits;

/**
 * How often a client may connect, and how often all of its network.
 *
 * @param addresses the rates of clients
 * @param networks the rates of networks, of which a client that comes too often takes nothing
 */
record Rates(ClientRates addresses, ClientRates networks) {
  /** A clock like {@link System#nanoTime}. */
  static Rates of(ClientLimits limits, LongSupplier nanos) {
    return new Rates(
        new ClientRates(limits.perAddressRate(), ClientNetwork.CLIENT, nanos),
        new ClientRates(limits.perNetworkRate(), ClientNetwork.of(limits), nanos));
  }

  /** The same after a change, but for rates that are others now, which begin anew. */
  Rates next(ClientLimits before, ClientLimits limits, LongSupplier nanos) {
    Rates fresh = of(limits, nanos);
    boolean addresses = before.perAddressRate() == limits.perAddressRate();
    boolean networks =
        before.perNetworkRate() == limits.perNetworkRate()
            && ClientNetwork.of(before).equals(ClientNetwork.of(limits));
    return new Rates(
        addresses ? this.addresses : fresh.addresses, networks ? this.networks : fresh.networks);
  }

  /** Counts a connection; empty, or why it is one too many, the address to follow. */
  Optional<String> admit(InetAddress address) {
    if (!addresses.admit(address)) {
      return Optional.of("too often from");
    }
    return networks.admit(address)
        ? Optional.empty()
        : Optional.of("too often from the network of");
  }
}
