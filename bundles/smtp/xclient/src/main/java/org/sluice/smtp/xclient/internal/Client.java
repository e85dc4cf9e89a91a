package org.sluice.smtp.xclient.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.smtp.SmtpAnswer;

/** What an XCLIENT command says. */
final class Client {
  /** The attributes, in the order in which they are announced. */
  static final String ATTRIBUTES = "NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT";

  private static final List<String> NAMES = List.of(ATTRIBUTES.split(" "));

  /** Those that are variables of the session. */
  private static final Map<String, String> VARIABLES =
      Map.of(
          "NAME", "TCPREMOTEHOST",
          "ADDR", "TCPREMOTEIP",
          "PORT", "TCPREMOTEPORT",
          "DESTADDR", "TCPLOCALIP",
          "DESTPORT", "TCPLOCALPORT");

  private Client() {}

  /** What becomes of the session; empty if an attribute is unknown or its value wrong. */
  static Optional<SmtpAnswer.Restart> parse(String argument, Map<String, String> also) {
    return Attributes.parse(argument, NAMES)
        .filter(values -> protocol(values.getOrDefault("PROTO", "")))
        .map(values -> restart(values, also));
  }

  private static boolean protocol(String text) {
    return text.isEmpty() || text.equalsIgnoreCase("SMTP") || text.equalsIgnoreCase("ESMTP");
  }

  private static SmtpAnswer.Restart restart(Map<String, String> values, Map<String, String> also) {
    Map<String, String> variables = new HashMap<>(also);
    VARIABLES.forEach(
        (name, variable) -> {
          if (values.containsKey(name)) {
            variables.put(variable, values.get(name));
          }
        });
    return new SmtpAnswer.Restart(variables, known(values, "HELO"), known(values, "LOGIN"));
  }

  private static Optional<String> known(Map<String, String> values, String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }
}
