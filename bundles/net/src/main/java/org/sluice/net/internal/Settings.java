package org.sluice.net.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.sluice.api.net.ClientLimits;
import org.sluice.base.Networks;

/**
 * The configuration of one listener, checked.
 *
 * @param name starts the ids of its connections; unique in this process
 * @param home where the port file goes, or null
 * @param portFile the name of the port file, without its ending
 * @param perClient what a client may have, and a network
 * @param leastRate octets a second that keep a client's place while others wait; 0 for any
 * @param rules the rules database, or null
 * @param tls whether TLS begins with the first octet
 * @param proxies who must begin with a header of the PROXY protocol
 * @param verbose whether tcpserver's lines are logged
 */
record Settings(
    String name,
    Path home,
    String address,
    int port,
    String protocol,
    String portFile,
    int limit,
    ClientLimits perClient,
    int leastRate,
    int backlog,
    Path rules,
    Map<String, String> environment,
    Duration drain,
    Duration timeout,
    boolean tls,
    Networks proxies,
    boolean verbose) {
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
  private static final Pattern LIST =
      Pattern.compile("\\s*\\[\\s*(?:%1$s\\s*(?:,\\s*%1$s\\s*)*,?)?\\s*\\]\\s*".formatted(QUOTED));

  static Settings of(NetConfig config, String home, long componentId) {
    if (config.protocol() == null || config.protocol().isBlank()) {
      throw new IllegalArgumentException("protocol is not set");
    }
    if (config.port() < 0 || config.port() > 65535) {
      throw new IllegalArgumentException(
          "port = " + config.port() + ": a number from 0 to 65535 is wanted");
    }
    if (config.limit() < 1) {
      throw new IllegalArgumentException("limit = " + config.limit() + ": 1 or more is wanted");
    }
    Path base = base(home);
    String name = name(config);
    return new Settings(
        name + "-" + componentId,
        base,
        config.address(),
        config.port(),
        config.protocol(),
        name,
        config.limit(),
        limits(config),
        Math.max(0, config.leastRate()),
        Math.max(1, config.backlog()),
        rules(base, config.rules()),
        variables(config.environment()),
        Duration.ofSeconds(Math.max(0, config.drainSeconds())),
        Duration.ofSeconds(Math.max(1, config.timeoutSeconds())),
        config.tls(),
        Networks.of(config.proxies()),
        config.verbose());
  }

  /** A network is no smaller than one client. */
  private static ClientLimits limits(NetConfig config) {
    return new ClientLimits(
        Math.max(0, config.perAddressLimit()),
        Math.max(0, config.perAddressRate()),
        Math.max(0, config.perNetworkLimit()),
        Math.max(0, config.perNetworkRate()),
        bits("networkBits", config.networkBits(), 32),
        bits("networkBitsIpv6", config.networkBitsIpv6(), 64));
  }

  private static int bits(String name, int bits, int most) {
    if (bits < 1 || bits > most) {
      throw new IllegalArgumentException(
          name + " = " + bits + ": a number from 1 to " + most + " is wanted");
    }
    return bits;
  }

  /** What the listener is called. */
  static String name(NetConfig config) {
    String given = config.name() == null ? "" : config.name().strip();
    return given.isEmpty() ? config.protocol() + (config.tls() ? "s" : "") : given;
  }

  /** The home directory; null for none. */
  static Path base(String home) {
    return home == null || home.isEmpty() ? null : Path.of(home);
  }

  private static Path rules(Path home, String rules) {
    if (rules == null || rules.isBlank()) {
      return null;
    }
    return home == null ? Path.of(rules) : home.resolve(rules);
  }

  private static Map<String, String> variables(String[] entries) {
    var map = new LinkedHashMap<String, String>();
    // A .cfg file holds one string, so that several variables are its lines.
    for (String entry : lines(String.join("\n", entries == null ? new String[0] : entries))) {
      int equals = entry.indexOf('=');
      String name = entry.substring(0, Math.max(0, equals)).strip();
      // A typing mistake must not silently leave out a variable that demands TLS.
      if (name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        map.put(name, entry.substring(equals + 1));
      } else if (!entry.isBlank()) {
        throw new IllegalArgumentException("environment: NAME=value is wanted, not " + entry);
      }
    }
    return Map.copyOf(map);
  }

  /** The variables of {@code [ "A=b", "C=d" ]}, which is a list only if all of a file is typed. */
  private static List<String> lines(String text) {
    if (!LIST.matcher(text).matches()) {
      return List.of(text.split("\n"));
    }
    return QUOTED.matcher(text).results().map(q -> q.group(1)).toList();
  }
}
