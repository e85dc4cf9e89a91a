package org.sluice.base;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** IP addresses as text: dotted decimal, and the one form of RFC 5952 for IPv6. */
public final class IpText {
  private static final int GROUPS = 8;

  private IpText() {}

  /** The address, without the interface that Java adds to link-local ones. */
  public static String of(InetAddress address) {
    return address instanceof Inet4Address ? address.getHostAddress() : six(address.getAddress());
  }

  /** The longest run of zero groups, of two or more, becomes a double colon (RFC 5952). */
  private static String six(byte[] address) {
    int[] group = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      group[i] = (address[2 * i] & 0xff) << 8 | address[2 * i + 1] & 0xff;
    }
    int start = 0;
    int length = 1;
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && group[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
    }
    var text = new StringBuilder();
    for (int i = 0; i < GROUPS; i++) {
      if (length > 1 && i == start) {
        text.append("::");
        i += length - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(group[i]));
    }
    return text.toString();
  }

  /** Reads an IPv6 address in any form; empty if it is none. Never asks the DNS. */
  public static Optional<Inet6Address> parseSix(String text) {
    return withColon(text).filter(Inet6Address.class::isInstance).map(Inet6Address.class::cast);
  }

  /** Like {@link #parse}, and {@code ::ffff:192.0.2.1} is the IPv4 address in it. */
  public static Optional<InetAddress> parseAny(String text) {
    return text.indexOf(':') < 0 ? parse(text) : withColon(text);
  }

  private static Optional<InetAddress> withColon(String text) {
    if (text.indexOf(':') < 0 || !text.matches("[0-9A-Fa-f:.]+")) {
      return Optional.empty();
    }
    try {
      // What is in brackets is parsed or refused; without them ".:1" is a name, and looked up.
      return Optional.of(InetAddress.getByName("[" + text + "]"));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** A number from 0 to 255 in the one form it has, else -1. */
  private static int octet(String text, int start, int end) {
    int length = end - start;
    if (length < 1 || length > 3 || length > 1 && text.charAt(start) == '0') {
      return -1;
    }
    int value = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = 10 * value + c - '0';
    }
    return value > 255 ? -1 : value;
  }

  /**
   * Reads an address: IPv4 as four decimal numbers without leading zeros, IPv6 in any form; empty
   * if it is neither. Never asks the DNS.
   */
  public static Optional<InetAddress> parse(String text) {
    if (text.indexOf(':') >= 0) {
      return parseSix(text).map(InetAddress.class::cast);
    }
    byte[] octets = new byte[4];
    int start = 0;
    for (int i = 0; i < octets.length; i++) {
      int end = i < octets.length - 1 ? text.indexOf('.', start) : text.length();
      int value = octet(text, start, end);
      if (value < 0) {
        return Optional.empty();
      }
      octets[i] = (byte) value;
      start = end + 1;
    }
    try {
      return Optional.of(InetAddress.getByAddress(octets));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four octets are an address", e);
    }
  }
}
