package org.sluice.net.internal;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How often a client may connect, and how often all of its network. Thread-safe.
 *
 * @param addresses the rates of clients
 * @param networks the rates of networks, of which a client that comes too often takes nothing
 */
record Rates(ClientRates addresses, ClientRates networks) {
  /** A clock like {@link System#nanoTime}. */
  static Rates of(Settings settings, LongSupplier nanos) {
    return new Rates(
        new ClientRates(settings.perAddressRate(), ClientNetwork.CLIENT, nanos),
        new ClientRates(settings.perNetworkRate(), settings.network(), nanos));
  }

  /** The same after a change, but for rates that are others now, which begin anew. */
  Rates next(Settings before, Settings settings, LongSupplier nanos) {
    Rates fresh = of(settings, nanos);
    boolean addresses = before.perAddressRate() == settings.perAddressRate();
    boolean networks =
        before.perNetworkRate() == settings.perNetworkRate()
            && before.network().equals(settings.network());
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
