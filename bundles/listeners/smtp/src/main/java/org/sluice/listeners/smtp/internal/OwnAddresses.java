package org.sluice.listeners.smtp.internal;

import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces {@code [own address]} by the name in localiphost. */
final class OwnAddresses {
  private static final Pattern LITERAL = Pattern.compile("\\[(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)\\]");

  private final Optional<String> name;
  private Optional<Set<String>> addresses = Optional.empty();

  OwnAddresses(Optional<String> name) {
    this.name = name;
  }

  String replace(String address) {
    int at = address.lastIndexOf('@');
    if (name.isEmpty() || at < 0 || !address.endsWith("]")) {
      return address;
    }
    Matcher matcher = LITERAL.matcher(address.substring(at + 1));
    if (!matcher.matches()) {
      return address;
    }
    var ip = new StringBuilder();
    for (int i = 1; i <= 4; i++) {
      ip.append(i > 1 ? "." : "").append(modulo256(matcher.group(i)));
    }
    boolean own = addresses().contains(ip.toString());
    return own ? address.substring(0, at + 1) + name.get() : address;
  }

  private static int modulo256(String digits) {
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      value = (value * 10 + digits.charAt(i) - '0') & 0xff;
    }
    return value;
  }

  private Set<String> addresses() {
    if (addresses.isEmpty()) {
      addresses = Optional.of(interfaces());
    }
    return addresses.get();
  }

  private static Set<String> interfaces() {
    Set<String> found = new HashSet<>(Set.of("0.0.0.0"));
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(Inet4Address.class::isInstance)
          .forEach(a -> found.add(a.getHostAddress()));
    } catch (SocketException e) {
      throw new IllegalStateException("the network interfaces cannot be listed", e);
    }
    return found;
  }
}
