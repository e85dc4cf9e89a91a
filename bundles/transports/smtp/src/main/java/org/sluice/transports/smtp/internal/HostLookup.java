package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sluice.base.LocalAddresses;
import org.sluice.dns.DnsResolver;

/** From a route to the addresses to try (spec 30 sections 2.5 and 2.6). */
final class HostLookup {
  /**
   * An address to try.
   *
   * @param name of the host that has it; the address as a number if it was given as one
   * @param preference of its mail exchanger; 0 if it has none
   */
  record Target(String name, InetAddress address, int preference) {}

  private final DnsResolver dns;
  private final LocalAddresses own;
  private final boolean ipv6;

  /** With {@code ipv6}, a name without any IPv4 address is asked for IPv6 ones. */
  HostLookup(DnsResolver dns, LocalAddresses own, boolean ipv6) {
    this.dns = dns;
    this.own = own;
    this.ipv6 = ipv6;
  }

  /** At least one address, best first. */
  List<Target> find(Route route) throws RemoteFailure {
    try {
      List<Target> found =
          route.artificial() ? addressesOf(route.host()) : exchangersOf(route.host());
      if (found.isEmpty()) {
        throw RemoteFailure.noAddress();
      }
      return route.artificial() ? found : withoutSelf(found);
    } catch (IOException e) {
      throw RemoteFailure.dnsSoft(e);
    }
  }

  private List<Target> withoutSelf(List<Target> found) throws RemoteFailure {
    Set<InetAddress> mine = mine();
    int limit =
        found.stream()
            .filter(t -> mine.contains(t.address()))
            .mapToInt(Target::preference)
            .min()
            .orElse(Integer.MAX_VALUE);
    List<Target> better = found.stream().filter(t -> t.preference() < limit).toList();
    if (better.isEmpty()) {
      throw RemoteFailure.self();
    }
    return better;
  }

  private Set<InetAddress> mine() throws RemoteFailure {
    try {
      return own.all();
    } catch (IOException e) {
      throw RemoteFailure.system(e);
    }
  }

  private List<Target> addressesOf(String host) throws IOException, RemoteFailure {
    Optional<List<Target>> found = lookUp(host, 0);
    return found.orElseThrow(() -> RemoteFailure.dnsHard(host));
  }

  private List<Target> exchangersOf(String host) throws IOException, RemoteFailure {
    if (AddressLiteral.parse(host).isPresent()) {
      return addressesOf(host);
    }
    List<DnsResolver.Exchanger> exchangers = new ArrayList<>(dns.mx(host).orElse(List.of()));
    if (exchangers.isEmpty()) {
      return addressesOf(host);
    }
    // The sort is stable, so equals stay shuffled.
    Collections.shuffle(exchangers);
    exchangers.sort(Comparator.comparingInt(DnsResolver.Exchanger::preference));
    var found = new ArrayList<Target>();
    IOException soft = null;
    for (DnsResolver.Exchanger exchanger : exchangers) {
      try {
        found.addAll(lookUp(exchanger.name(), exchanger.preference()).orElse(List.of()));
      } catch (IOException e) {
        soft = e; // matters only if no other exchanger has an address
      }
    }
    if (found.isEmpty() && soft != null) {
      throw soft;
    }
    // Exchangers written as addresses have preference 0 whatever their record says.
    found.sort(Comparator.comparingInt(Target::preference));
    return found;
  }

  private Optional<List<Target>> lookUp(String name, int preference) throws IOException {
    Optional<InetAddress> literal = AddressLiteral.parse(name);
    if (literal.isPresent()) {
      return Optional.of(List.of(new Target(name(name), literal.get(), 0)));
    }
    Optional<List<InetAddress>> found = dns.ipv4(name);
    if (ipv6 && found.orElse(List.of()).isEmpty()) {
      Optional<List<InetAddress>> six = dns.ipv6(name);
      found = six.orElse(List.of()).isEmpty() ? found : six;
    }
    return found.map(l -> l.stream().map(a -> new Target(name(name), a, preference)).toList());
  }

  /** The form in which a certificate has it: no dot at the end, an address as a bare number. */
  static String name(String host) {
    return AddressLiteral.parse(host)
        .map(InetAddress::getHostAddress)
        .orElse(host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
  }
}
