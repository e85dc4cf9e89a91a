package org.sluice.transports.smtp.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where to go for a host (control/smtproutes, spec 30 section 2.4).
 *
 * @param host the relay, or the host itself if there is no route
 * @param port the TCP port; 0 makes every connection fail
 * @param artificial whether it comes from smtproutes: addresses only, no self check
 */
record Route(String host, int port, boolean artificial) {
  private static final int SMTP = 25;

  /** Parses the lines; later duplicates win. */
  static Map<String, String> table(List<String> lines) {
    var table = new HashMap<String, String>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon >= 0) {
        table.put(lower(line.substring(0, colon)), line.substring(colon + 1));
      }
    }
    return table;
  }

  /** The complete host, then every suffix that begins at a dot, then the empty key. */
  static Route find(Map<String, String> table, String host) {
    String key = lower(host);
    for (int i = 0; i <= key.length(); i++) {
      if (i == 0 || i == key.length() || key.charAt(i) == '.') {
        String relay = table.get(key.substring(i));
        if (relay != null) {
          return relay.isEmpty() ? new Route(host, SMTP, false) : parse(relay);
        }
      }
    }
    return new Route(host, SMTP, false);
  }

  private static Route parse(String relay) {
    // The first colon ends the relay; only a bracketed IPv6 literal, unknown to qmail, may have
    // any.
    int from = relay.regionMatches(true, 0, "[IPv6:", 0, 6) ? Math.max(0, relay.indexOf(']')) : 0;
    int colon = relay.indexOf(':', from);
    if (colon < 0) {
      return new Route(relay, SMTP, true);
    }
    int port = 0;
    for (int i = colon + 1; i < relay.length() && Character.digit(relay.charAt(i), 10) >= 0; i++) {
      port = (port * 10 + relay.charAt(i) - '0') & 0xffff;
    }
    return new Route(relay.substring(0, colon), port, true);
  }

  /** Only ASCII letters: the strings are bytes. */
  private static String lower(String text) {
    var out = new StringBuilder(text);
    for (int i = 0; i < out.length(); i++) {
      char c = out.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        out.setCharAt(i, (char) (c + 32));
      }
    }
    return out.toString();
  }
}
