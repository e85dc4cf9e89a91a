package org.sluice.net.internal.tcpserver;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.IpText;
import org.sluice.base.ProgramExit;
import org.sluice.dns.DnsResolver;

/**
 * HOST of a command line (spec 20 section 5.1). Of a name's addresses the first of IPv4 counts, and
 * one of IPv6 if there is none. Unlike the original it knows the names of /etc/hosts, so that
 * localhost needs no name server.
 *
 * @param dns answers about full names
 * @param hosts the file of names that need no DNS
 * @param domains what follows a name without a dot, the first that leads to an address
 */
record HostAddress(DnsResolver dns, Path hosts, List<String> domains) {
  private static final Logger LOG = LoggerFactory.getLogger(HostAddress.class);
  private static final Path HOSTS = Path.of("/etc/hosts");
  private static final Path RESOLVER = Path.of("/etc/resolv.conf");

  /** A question of the DNS. */
  @FunctionalInterface
  private interface Question {
    Optional<List<InetAddress>> ask(String name) throws IOException;
  }

  /** By the files of the system; LOCALDOMAIN, of domains with blanks in between, wins. */
  static HostAddress of(DnsResolver dns, Map<String, String> environment) {
    String local = environment.get("LOCALDOMAIN");
    List<String> domains =
        local == null
            ? words(RESOLVER)
                .filter(words -> words.get(0).matches("domain|search"))
                .findFirst()
                .map(words -> words.subList(1, words.size()))
                .orElse(List.of())
            : Arrays.stream(local.split("\\s+")).filter(domain -> !domain.isEmpty()).toList();
    return new HostAddress(dns, HOSTS, domains);
  }

  /** Nothing and 0 mean all IPv4 addresses. May take as long as name servers do. */
  InetAddress find(String text) throws ProgramExit {
    var known = literal(text.isEmpty() || text.equals("0") ? "0.0.0.0" : text);
    known = known.isPresent() ? known : inFile(text);
    return known.isPresent() ? known.get() : asked(text);
  }

  /** One of IPv6 perhaps with its interface behind a percent sign. */
  private static Optional<InetAddress> literal(String text) throws ProgramExit {
    int zone = text.indexOf('%');
    if (zone < 0 || IpText.parseSix(text.substring(0, zone)).isEmpty()) {
      return IpText.parse(text);
    }
    try {
      return Optional.of(InetAddress.getByName(text));
    } catch (UnknownHostException e) {
      throw none(text);
    }
  }

  private Optional<InetAddress> inFile(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    List<InetAddress> found =
        words(hosts)
            .filter(words -> words.stream().skip(1).anyMatch(lower::equalsIgnoreCase))
            .flatMap(words -> IpText.parseAny(words.get(0)).stream())
            .toList();
    return found.stream()
        .filter(Inet4Address.class::isInstance)
        .findFirst()
        .or(() -> found.stream().findFirst());
  }

  private InetAddress asked(String text) throws ProgramExit {
    try {
      var four = first(text, dns::ipv4);
      var found = four.isPresent() ? four : first(text, dns::ipv6);
      return found.orElseThrow(() -> none(text));
    } catch (IOException e) {
      LOG.debug("{}: {}", text, e.toString());
      throw ProgramExit.temporary(
          "temporarily unable to figure out IP address for " + text + ": temporary failure");
    }
  }

  private Optional<InetAddress> first(String text, Question question) throws IOException {
    for (String name : full(text)) {
      var found = question.ask(name).stream().flatMap(List::stream).findFirst();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** A dot at the end keeps a name as it is. */
  private List<String> full(String text) {
    if (text.endsWith(".")) {
      return List.of(text.substring(0, text.length() - 1));
    }
    return text.indexOf('.') >= 0 || domains.isEmpty()
        ? List.of(text)
        : domains.stream().map(domain -> text + "." + domain.replaceFirst("^\\.", "")).toList();
  }

  private static ProgramExit none(String text) {
    return ProgramExit.temporary("no IP address for " + text);
  }

  /** The words of each line that has some before a comment; none if the file cannot be read. */
  private static Stream<List<String>> words(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
          .map(line -> line.replaceFirst("[#;].*", "").strip())
          .filter(line -> !line.isEmpty())
          .map(line -> List.of(line.split("\\s+")));
    } catch (IOException e) {
      LOG.debug("{}: {}", file, e.toString());
      return Stream.empty();
    }
  }
}
