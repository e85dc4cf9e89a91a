package org.sluice.tcp.limits.internal;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts connections from each client, and from each network of clients. */
final class Shares {
  private final Map<InetAddress, Integer> clients = new HashMap<>();
  private final Map<InetAddress, Integer> networks = new HashMap<>();
  private int perAddress;
  private int perNetwork;
  private ClientNetwork network;

  /**
   * @param perAddress 0 for any number
   * @param perNetwork likewise
   * @param network no smaller than {@link ClientNetwork#CLIENT}
   */
  Shares(int perAddress, int perNetwork, ClientNetwork network) {
    this.perAddress = perAddress;
    this.perNetwork = perNetwork;
    this.network = network;
  }

  /** Changes what is allowed; what is counted stays so, for networks of the new size. */
  void limits(int perAddress, int perNetwork, ClientNetwork network) {
    this.perAddress = perAddress;
    this.perNetwork = perNetwork;
    this.network = network;
    networks.clear();
    clients.forEach((client, count) -> networks.merge(network.of(client), count, Integer::sum));
  }

  /**
   * Counts a connection from an address.
   *
   * @return empty; or it is one too many and not counted, and this is why, the address to follow
   */
  Optional<String> admit(InetAddress address) {
    InetAddress client = ClientNetwork.CLIENT.of(address);
    InetAddress around = network.of(address);
    if (taken(clients, client, perAddress)) {
      return Optional.of("too many from");
    }
    if (taken(networks, around, perNetwork)) {
      return Optional.of("too many from the network of");
    }
    add(client, around);
    return Optional.empty();
  }

  /** Counts a connection that is there, whatever the limits. */
  void add(InetAddress address) {
    add(ClientNetwork.CLIENT.of(address), network.of(address));
  }

  private void add(InetAddress client, InetAddress around) {
    // Counted without a limit too, for there may be one before this connection ends.
    clients.merge(client, 1, Integer::sum);
    networks.merge(around, 1, Integer::sum);
  }

  private static boolean taken(Map<InetAddress, Integer> counts, InetAddress key, int most) {
    return most > 0 && counts.getOrDefault(key, 0) >= most;
  }

  /** Takes a connection off the counts. */
  void remove(InetAddress address) {
    less(clients, ClientNetwork.CLIENT.of(address));
    less(networks, network.of(address));
  }

  private static void less(Map<InetAddress, Integer> counts, InetAddress key) {
    counts.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
  }
}
