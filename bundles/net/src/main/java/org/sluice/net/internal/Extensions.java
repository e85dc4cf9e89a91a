package org.sluice.net.internal;

import java.time.Duration;
import java.util.Optional;
import org.sluice.api.net.ClientLimits;

/**
 * What a listener does by bundles that may be away. One that its settings ask for is waited for:
 * nobody is served without it.
 */
record Extensions(CountedClients clients, Proxies proxies) {
  Extensions() {
    this(new CountedClients(), new Proxies());
  }

  /** Whether all that the settings ask for is there, or comes within the time. */
  boolean await(Settings settings, Duration limit) throws InterruptedException {
    return clients.await(limit) && (settings.proxies().isEmpty() || proxies.await(limit));
  }

  /** What the settings ask for and is not there, in words for the operator. By any thread. */
  Optional<String> missing(Settings settings) {
    try {
      if (!clients.await(Duration.ZERO)) {
        return Optional.of(wanted(limit(settings.perClient()), "limits"));
      }
      boolean here = settings.proxies().isEmpty() || proxies.await(Duration.ZERO);
      return here ? Optional.empty() : Optional.of(wanted("proxies is set", "proxy"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty(); // asked when all ends
    }
  }

  private static String wanted(String setting, String bundle) {
    return setting + ": the bundle org.sluice.tcp." + bundle + " is wanted; clients wait for it";
  }

  private static String limit(ClientLimits limits) {
    if (limits.perAddress() > 0) {
      return "perAddressLimit = " + limits.perAddress();
    }
    if (limits.perAddressRate() > 0) {
      return "perAddressRate = " + limits.perAddressRate();
    }
    return limits.perNetwork() > 0
        ? "perNetworkLimit = " + limits.perNetwork()
        : "perNetworkRate = " + limits.perNetworkRate();
  }

  /** Ends all waiting. */
  void close() {
    clients.close();
    proxies.close();
  }
}
