package org.sluice.net.internal;

import java.io.IOException;
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
    for (String key : keys(ip, host, info)) {
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

  static List<String> keys(String client, String host, String info) {
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
    if (host != null) {
      keys.add("=" + host);
    }
    six.map(SixPrefix::keys).ifPresent(keys::addAll);
    for (int dot = ip.lastIndexOf('.'); dot >= 0; dot = ip.lastIndexOf('.', dot - 1)) {
      keys.add(ip.substring(0, dot + 1));
    }
    if (host != null) {
      for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
        keys.add("=" + host.substring(dot));
      }
      keys.add("=");
    }
    keys.add("");
    return keys;
  }
}
