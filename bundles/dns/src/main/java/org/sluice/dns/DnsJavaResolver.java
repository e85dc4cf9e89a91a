package org.sluice.dns;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Asks name servers through dnsjava: fully qualified names, no search list, no cache. */
public final class DnsJavaResolver implements DnsResolver {
  private static final Duration TRY = Duration.ofSeconds(5);
  private static final int TRIES = 3;

  /** Of DNSCACHEIP; dots in front of an address do not count. */
  private static final Pattern CACHE =
      Pattern.compile("\\G\\.*([0-9]+)\\.([0-9]+)\\.([0-9]+)\\.([0-9]+)");

  private static final int MOST_CACHES = 16;
  private static final int PORT = 53;

  private final List<InetSocketAddress> servers;
  private Resolver resolver;

  private DnsJavaResolver(List<InetSocketAddress> servers) {
    this.servers = servers;
  }

  /** Empty for those of the system. */
  List<InetSocketAddress> servers() {
    return servers;
  }

  /** Made for the first question: dnsjava is 200 classes, which a start need not wait for. */
  private synchronized Resolver resolver() {
    if (resolver == null) {
      var made =
          servers.isEmpty()
              ? new ExtendedResolver()
              : new ExtendedResolver(servers.stream().<Resolver>map(SimpleResolver::new).toList());
      made.setTimeout(TRY);
      made.setRetries(TRIES);
      resolver = made;
    }
    return resolver;
  }

  /**
   * The server that a setting names, written as for {@link #of}, else those of the system.
   *
   * @param server perhaps null or blank
   */
  public static DnsJavaResolver configured(String server) throws UnknownHostException {
    return server == null || server.isBlank() ? system() : of(server.strip());
  }

  /** The servers that the system names. */
  public static DnsJavaResolver system() {
    return new DnsJavaResolver(List.of());
  }

  /**
   * The servers that the variable DNSCACHEIP names as programs of djbdns's library understand it:
   * addresses of IPv4 with dots between them, up to anything else; those of the system if there is
   * none. One alone may also be written as for {@link #of}, but for its name.
   *
   * @param value perhaps null
   */
  public static DnsJavaResolver ofCache(String value) {
    if (value == null) {
      return system();
    }
    if (value.matches("[0-9.]+:[0-9]+|.*:.*:.*")) {
      try {
        return of(value);
      } catch (UnknownHostException | IllegalArgumentException e) {
        return system(); // a program must serve its client, whatever its environment
      }
    }
    var servers = new ArrayList<InetSocketAddress>();
    Matcher matcher = CACHE.matcher(value);
    while (servers.size() < MOST_CACHES && matcher.find()) {
      byte[] octets = new byte[4];
      for (int i = 0; i < octets.length; i++) {
        octets[i] = new BigInteger(matcher.group(i + 1)).byteValue();
      }
      try {
        servers.add(new InetSocketAddress(InetAddress.getByAddress(octets), PORT));
      } catch (UnknownHostException e) {
        throw new IllegalStateException("four octets are an address", e);
      }
    }
    return new DnsJavaResolver(List.copyOf(servers));
  }

  /** One server, written {@code host:port}, {@code [v6]:port} or without a port. */
  public static DnsJavaResolver of(String server) throws UnknownHostException {
    int colon = server.lastIndexOf(':');
    boolean port = colon >= 0 && (server.indexOf(':') == colon || server.startsWith("["));
    String host = port ? server.substring(0, colon) : server;
    int number = port ? Integer.parseInt(server.substring(colon + 1).strip()) : PORT;
    var address = new InetSocketAddress(InetAddress.getByName(host), number);
    return new DnsJavaResolver(List.of(address));
  }

  @Override
  public Optional<List<Exchanger>> mx(String name) throws IOException {
    return ask(
        name,
        Type.MX,
        r ->
            r instanceof MXRecord mx
                ? new Exchanger(mx.getPriority(), mx.getTarget().toString(true))
                : null);
  }

  @Override
  public Optional<List<InetAddress>> ipv4(String name) throws IOException {
    return ask(name, Type.A, r -> r instanceof ARecord a ? a.getAddress() : null);
  }

  @Override
  public Optional<List<InetAddress>> ipv6(String name) throws IOException {
    return ask(name, Type.AAAA, r -> r instanceof AAAARecord a ? a.getAddress() : null);
  }

  @Override
  public Optional<List<String>> txt(String name) throws IOException {
    return ask(name, Type.TXT, r -> r instanceof TXTRecord t ? text(t) : null);
  }

  private static String text(TXTRecord record) {
    var text = new StringBuilder();
    for (byte[] string : record.getStringsAsByteArrays()) {
      text.append(new String(string, StandardCharsets.ISO_8859_1));
    }
    return text.toString();
  }

  @Override
  public Optional<List<List<String>>> ptr(InetAddress address) throws IOException {
    return ask(
        ReverseMap.fromAddress(address),
        Type.PTR,
        r -> r instanceof PTRRecord p ? labels(p.getTarget()) : null);
  }

  /** All but the root's, each without the octet of its length. */
  private static List<String> labels(Name name) {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i + 1 < name.labels(); i++) {
      byte[] label = name.getLabel(i);
      labels.add(new String(label, 1, label.length - 1, StandardCharsets.ISO_8859_1));
    }
    return labels;
  }

  private <T> Optional<List<T>> ask(String name, int type, Function<Record, T> pick)
      throws IOException {
    try {
      // An at sign alone would mean the origin to dnsjava's parser.
      return ask(Name.fromString(name.equals("@") ? "\\@" : name, Name.root), type, pick);
    } catch (TextParseException e) {
      return Optional.empty(); // cannot be encoded: no such name
    }
  }

  private <T> Optional<List<T>> ask(Name question, int type, Function<Record, T> pick)
      throws IOException {
    Message answer = resolver().send(Message.newQuery(Record.newRecord(question, type, DClass.IN)));
    int rcode = answer.getRcode();
    if (rcode == Rcode.NXDOMAIN) {
      return Optional.empty();
    }
    if (rcode != Rcode.NOERROR) {
      throw new IOException(question + ": " + Rcode.string(rcode));
    }
    List<Record> records = answer.getSection(Section.ANSWER);
    if (records.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(records.stream().map(pick).filter(r -> r != null).toList());
  }
}
