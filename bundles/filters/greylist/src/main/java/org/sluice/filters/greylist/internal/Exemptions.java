package org.sluice.filters.greylist.internal;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.sluice.base.AddressSet;
import org.sluice.base.Ascii;
import org.sluice.base.Networks;

/** Who never waits, and for whom nobody does. An entry that is neither is told, and left out. */
final class Exemptions {
  private final Networks clients;
  private final AddressSet recipients;

  Exemptions(String clients, String recipients, Consumer<String> complaints) {
    List<String> networks = new ArrayList<>();
    for (String entry : entries(clients)) {
      try {
        Networks.of(entry);
        networks.add(entry);
      } catch (IllegalArgumentException e) {
        complaints.accept("exemptClients: " + e.getMessage());
      }
    }
    this.clients = Networks.of(String.join(" ", networks));
    Set<String> addresses = new HashSet<>();
    for (String entry : entries(recipients)) {
      if (entry.indexOf('@') >= 0) {
        addresses.add(Ascii.lower(entry));
      } else {
        complaints.accept("exemptRecipients: neither an address nor a domain (@domain): " + entry);
      }
    }
    this.recipients = new AddressSet(addresses);
  }

  private static List<String> entries(String list) {
    return List.of(list.split("[,\\s]+")).stream().filter(entry -> !entry.isEmpty()).toList();
  }

  boolean client(InetAddress address) {
    return clients.contains(address);
  }

  boolean recipient(String address) {
    return recipients.has(address) || recipients.hasInternational(address);
  }
}
