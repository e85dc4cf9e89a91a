package org.sluice.filters.spf.internal;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.sluice.dns.DnsResolver;

/** One text for the first name, nothing else. */
final class FakeDns implements DnsResolver {
  private final String text;

  private FakeDns(String text) {
    this.text = text;
  }

  static DnsResolver of(String text) {
    return new FakeDns(text);
  }

  @Override
  public Optional<List<Exchanger>> mx(String name) {
    return Optional.empty();
  }

  @Override
  public Optional<List<InetAddress>> ipv4(String name) {
    return Optional.empty();
  }

  @Override
  public Optional<List<InetAddress>> ipv6(String name) {
    return Optional.empty();
  }

  @Override
  public Optional<List<String>> txt(String name) {
    return name.equals("hostile.example") ? Optional.of(List.of(text)) : Optional.empty();
  }

  @Override
  public Optional<List<List<String>>> ptr(InetAddress address) {
    return Optional.empty();
  }
}
