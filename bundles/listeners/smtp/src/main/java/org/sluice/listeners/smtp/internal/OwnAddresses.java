package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.base.LocalAddresses;

/** Replaces {@code [own address]} by the name in localiphost. */
final class OwnAddresses {
  private static final Pattern LITERAL = Pattern.compile("\\[(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)\\]");

  private final Optional<String> name;
  private final LocalAddresses system;
  private Optional<Set<InetAddress>> addresses = Optional.empty();

  /** A session's: the system is asked once, and not before a client says such an address. */
  OwnAddresses(Optional<String> name, LocalAddresses system) {
    this.name = name;
    this.system = system;
  }

  /**
   * The address with the name in place of the literal, if that is one of ours.
   *
   * @throws UncheckedIOException if the system does not tell which are ours
   */
  String replace(String address) {
    int at = address.lastIndexOf('@');
    if (name.isEmpty() || at < 0 || !address.endsWith("]")) {
      return address;
    }
    Matcher matcher = LITERAL.matcher(address.substring(at + 1));
    if (!matcher.matches()) {
      return address;
    }
    byte[] ip = new byte[4];
    for (int i = 0; i < 4; i++) {
      ip[i] = modulo256(matcher.group(i + 1));
    }
    return own(ip) ? address.substring(0, at + 1) + name.get() : address;
  }

  private static byte modulo256(String digits) {
    byte value = 0;
    for (int i = 0; i < digits.length(); i++) {
      value = (byte) (value * 10 + digits.charAt(i) - '0');
    }
    return value;
  }

  private boolean own(byte[] address) {
    try {
      if (addresses.isEmpty()) {
        addresses = Optional.of(system.all());
      }
      return addresses.get().contains(InetAddress.getByAddress(address));
    } catch (IOException e) {
      throw new UncheckedIOException("the network interfaces cannot be listed", e);
    }
  }
}
