package org.sluice.net.internal;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.IpText;
import org.sluice.dns.DnsResolver;

/** Names of addresses by DNS, as in TCPREMOTEHOST (spec 20 section 5.3). Thread-safe. */
public final class ReverseName {
  /** The name without labels. */
  public static final String ROOT = ".";

  private static final Logger LOG = LoggerFactory.getLogger(ReverseName.class);

  private final DnsResolver dns;

  /** Asks this one. */
  public ReverseName(DnsResolver dns) {
    this.dns = dns;
  }

  /**
   * The first name; empty if there is none.
   *
   * @throws IOException if it cannot be told now
   */
  public Optional<String> find(InetAddress address) throws IOException {
    return labels(address).map(ReverseName::text);
  }

  private Optional<List<String>> labels(InetAddress address) throws IOException {
    return dns.ptr(address).flatMap(names -> names.stream().findFirst());
  }

  /** The first name; empty if there is none or it cannot be told now. */
  public Optional<String> of(InetAddress address) {
    try {
      return find(address);
    } catch (IOException e) {
      LOG.debug("no name of {}: {}", address, e.toString());
      return Optional.empty();
    }
  }

  /** The first name if it leads back to the address (paranoid mode). */
  public Optional<String> checked(InetAddress address) {
    try {
      Optional<List<String>> labels = labels(address);
      return labels.isPresent() && leadsTo(labels.get(), address)
          ? labels.map(ReverseName::text)
          : Optional.empty();
    } catch (IOException e) {
      LOG.debug("no name of {} that leads back: {}", address, e.toString());
      return Optional.empty();
    }
  }

  private boolean leadsTo(List<String> labels, InetAddress address) throws IOException {
    if (labels.isEmpty()) {
      return false; // ucspi-tcp does not ask for the root
    }
    // The DNS writes octets as decimal numbers.
    String name = name(labels, c -> String.format(Locale.ROOT, "\\%03d", c));
    Optional<InetAddress> written = IpText.parse(name);
    if (written.isPresent()) {
      return written.get().equals(address); // to ucspi-tcp an address is a name of itself
    }
    var found = address instanceof Inet4Address ? dns.ipv4(name) : dns.ipv6(name);
    return found.orElse(List.of()).contains(address);
  }

  /** What is not a letter, a digit, - or _ becomes \ooo. */
  static String text(List<String> labels) {
    return labels.isEmpty() ? ROOT : name(labels, c -> String.format(Locale.ROOT, "\\%03o", c));
  }

  private static String name(List<String> labels, IntFunction<String> escape) {
    return labels.stream().map(l -> label(l, escape)).collect(Collectors.joining("."));
  }

  /** In lower case. */
  private static String label(String label, IntFunction<String> escape) {
    var text = new StringBuilder();
    for (byte octet : label.getBytes(StandardCharsets.ISO_8859_1)) {
      int c = octet >= 'A' && octet <= 'Z' ? octet + 32 : octet & 0xff;
      boolean plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
      text.append(plain ? String.valueOf((char) c) : escape.apply(c));
    }
    return text.toString();
  }
}
