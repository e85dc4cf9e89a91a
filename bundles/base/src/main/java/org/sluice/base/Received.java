package org.sluice.base;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The Received field that a listener writes in front of a message (spec 20 section 1.5). */
public final class Received {
  private static final String ALSO_SAFE = ".@%+/=:-[]";

  private Received() {}

  /**
   * Both its lines, each ended by LF.
   *
   * @param environment the TCP environment (spec 20 section 2)
   * @param helo the argument of HELO or EHLO, where there was one
   * @param protocol for example {@code SMTP}
   */
  public static byte[] line(
      Map<String, String> environment, Optional<String> helo, String protocol, Instant now) {
    String host = environment.getOrDefault("TCPREMOTEHOST", "unknown");
    var line = new StringBuilder("Received: from ").append(safe(host));
    if (helo.isPresent() && !Ascii.equal(helo.get(), host)) {
      line.append(" (HELO ").append(safe(helo.get())).append(')');
    }
    line.append(" (");
    if (environment.containsKey("TCPREMOTEINFO")) {
      line.append(safe(environment.get("TCPREMOTEINFO"))).append('@');
    }
    String local = environment.getOrDefault("TCPLOCALIP", "unknown");
    line.append(safe(environment.getOrDefault("TCPREMOTEIP", "unknown")))
        .append(")\n  by ")
        .append(safe(environment.getOrDefault("TCPLOCALHOST", local)))
        .append(" with ")
        .append(protocol)
        .append("; ")
        .append(MailDate.rfc822(now))
        .append('\n');
    return line.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String safe(String text) {
    var safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      safe.append(letter || ALSO_SAFE.indexOf(c) >= 0 ? c : '?');
    }
    return safe.toString();
  }
}
