package org.sluice.smtp.xclient.internal;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.base.IpText;
import org.sluice.base.Xtext;

/** What an XCLIENT command says. */
final class Client {
  /** The attributes, in the order in which they are announced. */
  static final String ATTRIBUTES = "NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT";

  private static final String SIX = "IPV6:";

  private final Map<String, String> variables = new HashMap<>();
  private Optional<String> hello = Optional.empty();
  private Optional<String> login = Optional.empty();

  private Client() {}

  /** What becomes of the session; empty if an attribute is unknown or its value wrong. */
  static Optional<SmtpAnswer.Restart> parse(String argument, Map<String, String> also) {
    var client = new Client();
    client.variables.putAll(also);
    String[] words = argument.strip().split(" +");
    for (String word : words) {
      int equals = word.indexOf('=');
      Optional<String> value =
          equals < 0 ? Optional.empty() : Xtext.decode(word.substring(equals + 1));
      if (value.isEmpty()
          || !plain(value.get())
          || !client.set(word.substring(0, equals), value.get())) {
        return Optional.empty();
      }
    }
    return Optional.of(new SmtpAnswer.Restart(client.variables, client.hello, client.login));
  }

  /** Without control characters, which logs and headers are to be spared. */
  private static boolean plain(String value) {
    return value.chars().allMatch(c -> c >= ' ' && c != 0x7f);
  }

  private boolean set(String name, String value) {
    boolean unknown =
        value.equalsIgnoreCase("[UNAVAILABLE]") || value.equalsIgnoreCase("[TEMPUNAVAIL]");
    String known = unknown ? "" : value;
    switch (name.toUpperCase(Locale.ROOT)) {
      case "NAME" -> variables.put("TCPREMOTEHOST", known);
      case "ADDR" -> {
        return address("TCPREMOTEIP", known);
      }
      case "PORT" -> {
        return port("TCPREMOTEPORT", known);
      }
      case "DESTADDR" -> {
        return address("TCPLOCALIP", known);
      }
      case "DESTPORT" -> {
        return port("TCPLOCALPORT", known);
      }
      case "HELO" -> hello = Optional.of(known).filter(h -> !h.isEmpty());
      case "LOGIN" -> login = Optional.of(known).filter(l -> !l.isEmpty());
      case "PROTO" -> {
        return known.isEmpty() || known.equalsIgnoreCase("SMTP") || known.equalsIgnoreCase("ESMTP");
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean address(String variable, String text) {
    boolean six = text.toUpperCase(Locale.ROOT).startsWith(SIX);
    var address = IpText.parse(six ? text.substring(SIX.length()) : text);
    variables.put(variable, address.map(IpText::of).orElse(""));
    return text.isEmpty() || address.filter(a -> six == IpText.of(a).contains(":")).isPresent();
  }

  private boolean port(String variable, String text) {
    variables.put(variable, text);
    return text.isEmpty() || text.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65535;
  }
}
