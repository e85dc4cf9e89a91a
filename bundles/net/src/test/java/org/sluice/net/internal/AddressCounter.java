package org.sluice.net.internal;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.net.ClientCounter;
import org.sluice.api.net.ClientLimits;

/** Counts addresses, without networks; of a rate only the first minute. */
final class AddressCounter implements ClientCounter {
  @Override
  public Counts open(ClientLimits limits) {
    return new Addresses(limits);
  }

  private static final class Addresses implements Counts {
    private final Map<InetAddress, Integer> here = new HashMap<>();
    private final Map<InetAddress, Integer> came = new HashMap<>();
    private ClientLimits limits;

    Addresses(ClientLimits limits) {
      this.limits = limits;
    }

    @Override
    public Optional<String> admit(InetAddress client) {
      if (taken(came, client, limits.perAddressRate())) {
        return Optional.of("too often from");
      }
      came.merge(client, 1, Integer::sum);
      if (taken(here, client, limits.perAddress())) {
        return Optional.of("too many from");
      }
      add(client);
      return Optional.empty();
    }

    private static boolean taken(Map<InetAddress, Integer> counts, InetAddress client, int most) {
      return most > 0 && counts.getOrDefault(client, 0) >= most;
    }

    @Override
    public void add(InetAddress client) {
      here.merge(client, 1, Integer::sum);
    }

    @Override
    public void remove(InetAddress client) {
      here.merge(client, -1, Integer::sum);
    }

    @Override
    public void change(ClientLimits next) {
      limits = next;
    }
  }
}
