package org.sluice.net.internal;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.dns.DnsResolver;

/** Names of addresses by DNS, as in TCPREMOTEHOST (spec 20 section 5.3). Thread-safe. */
public final class ReverseName {
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
    return dns.ptr(address).flatMap(names -> names.stream().findFirst()).flatMap(this::text);
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
    return of(address).filter(name -> leadsTo(name, address));
  }

  private boolean leadsTo(String name, InetAddress address) {
    if (name.indexOf('\\') >= 0) {
      return false; // no name of a host
    }
    try {
      var found = address instanceof Inet4Address ? dns.ipv4(name) : dns.ipv6(name);
      return found.orElse(List.of()).contains(address);
    } catch (IOException e) {
      LOG.debug("no address of {}: {}", name, e.toString());
      return false;
    }
  }

  private Optional<String> text(List<String> labels) {
    return labels.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join(".", labels.stream().map(ReverseName::escape).toList()));
  }

  /** Lower case; octets that are not letters, digits, - or _ become \ooo. */
  static String escape(String label) {
    var text = new StringBuilder();
    for (byte octet : label.getBytes(StandardCharsets.ISO_8859_1)) {
      int c = octet >= 'A' && octet <= 'Z' ? octet + 32 : octet & 0xff;
      if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
        text.append((char) c);
      } else {
        text.append('\\').append((char) ('0' + (c >> 6)));
        text.append((char) ('0' + (c >> 3 & 7))).append((char) ('0' + (c & 7)));
      }
    }
    return text.toString();
  }
}
