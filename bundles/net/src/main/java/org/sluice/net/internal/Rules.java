package org.sluice.net.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The order in which a client is looked up: the first key that exists decides (spec 20, 4.5). */
final class Rules {
  private Rules() {}

  static Verdict check(RuleLookup lookup, String ip, String host, String info) throws IOException {
    for (String key : keys(ip, host, info)) {
      var data = lookup.get(key.getBytes(StandardCharsets.ISO_8859_1));
      if (data.isPresent()) {
        return Verdict.parse(data.get());
      }
    }
    return Verdict.ALLOW;
  }

  static List<String> keys(String ip, String host, String info) {
    var keys = new ArrayList<String>();
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
