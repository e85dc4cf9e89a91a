package org.sluice.transports.qmqp.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.base.Decimal;

/** The lines of qmqpservers (spec 30 section 4.2). */
final class Servers {
  private static final Pattern ADDRESS = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)");

  private Servers() {}

  /** The addresses that lines begin with, in order; other lines are skipped. */
  static List<InetAddress> parse(List<String> lines) {
    List<InetAddress> servers = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = ADDRESS.matcher(line);
      if (matcher.lookingAt()) {
        byte[] address = new byte[4];
        for (int i = 0; i < address.length; i++) {
          address[i] = (byte) Decimal.leading(matcher.group(i + 1)); // modulo 256, as qmail
        }
        servers.add(of(address));
      }
    }
    return servers;
  }

  private static InetAddress of(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four octets are an address", e);
    }
  }
}
