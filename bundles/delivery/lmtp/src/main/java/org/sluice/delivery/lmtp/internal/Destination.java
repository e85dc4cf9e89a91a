package org.sluice.delivery.lmtp.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.base.PathBytes;
import org.sluice.base.TimedChannel;

/**
 * The argument of the instruction: {@code unix:PATH [USER]} or {@code HOST:PORT [USER]}.
 *
 * @param server as written
 * @param user whom the server is to deliver to, if not the recipient itself
 */
record Destination(String server, Optional<String> user) {
  private static final Pattern ARGUMENT = Pattern.compile("(\\S+)(?:[ \t]+(\\S+))?[ \t]*");
  private static final Pattern TCP = Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[^:]+):([0-9]{1,5})");
  private static final String UNIX = "unix:";
  private static final int PORTS = 65536;

  /** Reads it; empty if it is anything else. */
  static Optional<Destination> parse(String argument) {
    Matcher parts = ARGUMENT.matcher(argument);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String server = parts.group(1);
    return local(server) || tcp(server)
        ? Optional.of(new Destination(server, Optional.ofNullable(parts.group(2))))
        : Optional.empty();
  }

  private static boolean local(String server) {
    return server.startsWith(UNIX) && server.length() > UNIX.length();
  }

  private static boolean tcp(String server) {
    Matcher parts = TCP.matcher(server);
    return parts.matches() && Integer.parseInt(parts.group(2)) < PORTS;
  }

  /** Connects; a relative path is taken from the home. */
  TimedChannel connect(Path home, Duration connectLimit, Duration limit)
      throws IOException, InterruptedException {
    TimedChannel channel = local(server) ? TimedChannel.unix(limit) : TimedChannel.tcp(limit);
    boolean done = false;
    try {
      channel.connect(local(server) ? socket(home) : host(), connectLimit);
      done = true;
      return channel;
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  private UnixDomainSocketAddress socket(Path home) throws IOException {
    try {
      return UnixDomainSocketAddress.of(PathBytes.resolve(home, server.substring(UNIX.length())));
    } catch (InvalidPathException e) {
      throw new IOException("no such socket", e);
    }
  }

  private InetSocketAddress host() throws UnknownHostException {
    int colon = server.lastIndexOf(':');
    String host = server.substring(0, colon).replaceAll("[\\[\\]]", "");
    var address = new InetSocketAddress(host, Integer.parseInt(server.substring(colon + 1)));
    if (address.isUnresolved()) {
      throw new UnknownHostException("no address of " + host);
    }
    return address;
  }
}
