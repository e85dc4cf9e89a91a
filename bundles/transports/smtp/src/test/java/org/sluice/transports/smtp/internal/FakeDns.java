package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sluice.dns.DnsResolver;

/** A DNS in a map. */
final class FakeDns implements DnsResolver {
  final Map<String, List<Exchanger>> mx = new HashMap<>();
  final Map<String, String> addresses = new HashMap<>();
  final Map<String, String> addresses6 = new HashMap<>();
  final Set<String> failing = new java.util.HashSet<>();

  FakeDns mx(String name, Object... preferenceAndName) {
    List<Exchanger> all = new java.util.ArrayList<>();
    for (int i = 0; i < preferenceAndName.length; i += 2) {
      all.add(new Exchanger((Integer) preferenceAndName[i], (String) preferenceAndName[i + 1]));
    }
    mx.put(name, all);
    return this;
  }

  /** Of several addresses there is a blank between. */
  FakeDns a(String name, String address) {
    addresses.put(name, address);
    return this;
  }

  @Override
  public Optional<List<Exchanger>> mx(String name) throws IOException {
    check(name);
    return Optional.ofNullable(mx.get(name));
  }

  @Override
  public Optional<List<InetAddress>> ipv4(String name) throws IOException {
    check(name);
    return one(addresses.get(name));
  }

  @Override
  public Optional<List<InetAddress>> ipv6(String name) throws IOException {
    check(name);
    return one(addresses6.get(name));
  }

  @Override
  public Optional<List<String>> txt(String name) {
    return Optional.empty(); // qmail-remote never asks
  }

  @Override
  public Optional<List<List<String>>> ptr(InetAddress address) {
    return Optional.empty(); // qmail-remote never asks
  }

  private void check(String name) throws IOException {
    if (failing.contains(name)) {
      throw new IOException("SERVFAIL");
    }
  }

  private static Optional<List<InetAddress>> one(String address) throws UnknownHostException {
    if (address == null) {
      return Optional.empty();
    }
    List<InetAddress> all = new java.util.ArrayList<>();
    for (String each : address.split(" ")) {
      all.add(InetAddress.getByName(each));
    }
    return Optional.of(all);
  }

  static Set<InetAddress> own() {
    return Set.of(
        AddressLiteral.parse("127.0.0.1").orElseThrow(),
        AddressLiteral.parse("0.0.0.0").orElseThrow());
  }
}
