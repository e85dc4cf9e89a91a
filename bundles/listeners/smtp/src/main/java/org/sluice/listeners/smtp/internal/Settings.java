package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sluice.api.control.Control;

/** What a session reads when it starts (spec 20 section 7.1). */
record Settings(
    String greeting,
    Optional<String> localIpHost,
    long timeoutSeconds,
    Optional<Set<String>> rcptHosts,
    Set<String> badMailFrom,
    long dataBytes) {
  private static final long UNSIGNED = 0xffff_ffffL;

  static Settings read(Control control, Map<String, String> environment) throws IOException {
    Optional<String> me = control.line("me");
    Optional<String> greeting = control.line("smtpgreeting").or(() -> me);
    long databytes = control.number("databytes", 0) & UNSIGNED;
    if (environment.containsKey("DATABYTES")) {
      databytes = digits(environment.get("DATABYTES"));
    }
    return new Settings(
        greeting.orElseThrow(() -> new IOException("neither control/smtpgreeting nor control/me")),
        control.line("localiphost").or(() -> me),
        Math.max(1, control.number("timeoutsmtpd", 1200)),
        control.list("rcpthosts").map(Settings::lower),
        lower(control.list("badmailfrom").orElse(List.of())),
        databytes == UNSIGNED ? UNSIGNED - 1 : databytes);
  }

  private static Set<String> lower(List<String> entries) {
    Set<String> set = new HashSet<>();
    for (String entry : entries) {
      set.add(entry.toLowerCase(Locale.ROOT));
    }
    return set;
  }

  private static long digits(String text) {
    long value = 0;
    for (int i = 0; i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9'; i++) {
      value = (value * 10 + text.charAt(i) - '0') & UNSIGNED;
    }
    return value;
  }

  /** Whether the sender is in badmailfrom, whole or by its domain. */
  boolean badSender(String sender) {
    if (sender.isEmpty()) {
      return false;
    }
    String lower = sender.toLowerCase(Locale.ROOT);
    int at = lower.lastIndexOf('@');
    return badMailFrom.contains(lower) || at >= 0 && badMailFrom.contains(lower.substring(at));
  }

  /** Whether rcpthosts or morercpthosts has the domain. */
  boolean allowed(Control control, String recipient) throws IOException {
    int at = recipient.lastIndexOf('@');
    if (rcptHosts.isEmpty() || at < 0) {
      return true;
    }
    String host = recipient.substring(at + 1).toLowerCase(Locale.ROOT);
    for (int i = 0; i < host.length(); i++) {
      if ((i == 0 || host.charAt(i) == '.') && rcptHosts.get().contains(host.substring(i))) {
        return true;
      }
    }
    for (int i = 0; i < host.length(); i++) {
      if ((i == 0 || host.charAt(i) == '.')
          && control.cdb("morercpthosts.cdb", host.substring(i)).isPresent()) {
        return true;
      }
    }
    return false;
  }
}
