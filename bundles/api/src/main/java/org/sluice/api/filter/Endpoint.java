package org.sluice.api.filter;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One end of a TCP connection, read from the variables of spec 20 section 2. */
final class Endpoint {
  private static final Pattern FOUR =
      Pattern.compile(
          "(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})\\.(0|[1-9]\\d{0,2})");
  private static final Pattern SIX = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");
  private static final Pattern PORT = Pattern.compile("\\d{1,5}");

  private Endpoint() {}

  /** Empty if there is no address, or a text that is none; port 0 if there is none. */
  static Optional<InetSocketAddress> of(Optional<String> ip, Optional<String> port) {
    int number =
        port.filter(PORT.asMatchPredicate())
            .map(Integer::valueOf)
            .filter(p -> p < 65_536)
            .orElse(0);
    return ip.flatMap(Endpoint::address).map(address -> new InetSocketAddress(address, number));
  }

  /** Asks nobody. */
  private static Optional<InetAddress> address(String text) {
    Matcher four = FOUR.matcher(text);
    try {
      if (four.matches()) {
        byte[] octets = new byte[4];
        for (int i = 0; i < octets.length; i++) {
          int octet = Integer.parseInt(four.group(i + 1));
          if (octet > 255) {
            return Optional.empty();
          }
          octets[i] = (byte) octet;
        }
        return Optional.of(InetAddress.getByAddress(octets));
      }
      // What is in brackets is read as an address or refused, and never looked up.
      return SIX.matcher(text).matches()
          ? Optional.of(InetAddress.getByName("[" + text + "]"))
          : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }
}
