package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sluice.api.control.Control;
import org.sluice.base.Ascii;
import org.sluice.base.DataBytes;
import org.sluice.base.RcptHosts;

/** What a session reads when it starts (spec 20 section 7.1). */
record Settings(
    String greeting,
    Optional<String> localIpHost,
    long timeoutSeconds,
    RcptHosts rcptHosts,
    Set<String> badMailFrom,
    long dataBytes) {
  static Settings read(Control control, Map<String, String> environment) throws IOException {
    Optional<String> me = control.line("me");
    Optional<String> greeting = control.line("smtpgreeting").or(() -> me);
    return new Settings(
        greeting.orElseThrow(() -> new IOException("neither control/smtpgreeting nor control/me")),
        control.line("localiphost").or(() -> me),
        Math.max(1, control.number("timeoutsmtpd", 1200)),
        RcptHosts.read(control),
        lower(control.list("badmailfrom").orElse(List.of())),
        DataBytes.read(control, environment));
  }

  private static Set<String> lower(List<String> entries) {
    Set<String> set = new HashSet<>();
    for (String entry : entries) {
      set.add(Ascii.lower(entry));
    }
    return set;
  }

  /** Whether the sender is in badmailfrom, whole or by its domain. */
  boolean badSender(String sender) {
    if (sender.isEmpty()) {
      return false;
    }
    String lower = Ascii.lower(sender);
    int at = lower.lastIndexOf('@');
    return badMailFrom.contains(lower) || at >= 0 && badMailFrom.contains(lower.substring(at));
  }
}
