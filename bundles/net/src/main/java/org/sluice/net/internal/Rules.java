package org.sluice.net.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sluice.base.IpText;

/** The order in which a client is looked up: the first key that exists decides (spec 20, 4.5). */
public final class Rules {
  /**
   * A rule that decides; bytes as ISO-8859-1.
   *
   * @param entries its instructions, D or +NAME=VALUE each; a tail without its NUL is none
   */
  public record Match(String key, List<String> entries) {
    static Match of(String key, byte[] data) {
      var entries = new ArrayList<String>();
      String text = new String(data, StandardCharsets.ISO_8859_1);
      int start = 0;
      for (int end = text.indexOf(0); end >= 0; end = text.indexOf(0, start)) {
        entries.add(text.substring(start, end));
        start = end + 1;
      }
      return new Match(key, entries);
    }
  }

  private Rules() {}

  /**
   * The rule for a client; empty if there is none, which lets it in.
   *
   * @param host the client's name, or null
   * @param info the client's ident answer, or null
   */
  public static Optional<Match> find(RuleLookup lookup, String ip, String host, String info)
      throws IOException {
    for (String key : keys(ip, host, info, lookup.brackets())) {
      var data = lookup.get(key.getBytes(StandardCharsets.ISO_8859_1));
      if (data.isPresent()) {
        return Optional.of(Match.of(key, data.get()));
      }
    }
    return Optional.empty();
  }

  static Verdict check(RuleLookup lookup, String ip, String host, String info) throws IOException {
    return find(lookup, ip, host, info).map(Verdict::of).orElse(Verdict.ALLOW);
  }

  /**
   * The keys in their order.
   *
   * @param brackets whether with those of {@link FourPrefix}
   */
  static List<String> keys(String client, String host, String info, boolean brackets) {
    var keys = new ArrayList<String>();
    var six = IpText.parseSix(client);
    String ip = six.map(IpText::of).orElse(client);
    if (info != null) {
      keys.add(info + "@" + ip);
      if (host != null) {
        keys.add(info + "@=" + host);
      }
    }
    keys.add(ip);
    Optional<InetAddress> four = six.isPresent() ? Optional.empty() : IpText.parse(ip);
    if (brackets && four.isPresent()) {
      keys.add("[" + ip + "]");
    }
    if (host != null) {
      keys.add("=" + host);
    }
    six.map(SixPrefix::keys)
        .or(() -> four.map(address -> FourPrefix.keys(address, brackets)))
        .ifPresentOrElse(keys::addAll, () -> prefixes(ip, keys));
    if (host != null) {
      for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
        keys.add("=" + host.substring(dot));
      }
      keys.add("=");
    }
    keys.add("");
    return keys;
  }

  /** What is no address has prefixes too, as tcprulescheck shows. */
  private static void prefixes(String text, List<String> keys) {
    for (int dot = text.lastIndexOf('.'); dot >= 0; dot = text.lastIndexOf('.', dot - 1)) {
      keys.add(text.substring(0, dot + 1));
    }
  }
}
