package org.sluice.listeners.smtp.internal;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sluice.api.control.Control;
import org.sluice.base.AddressSet;
import org.sluice.base.DataBytes;
import org.sluice.base.Decimal;
import org.sluice.base.RcptHosts;

/** What a session reads when it starts (spec 20 section 7.1). */
record Settings(
    String greeting,
    Optional<String> localIpHost,
    long timeoutSeconds,
    RcptHosts rcptHosts,
    AddressSet badSenders,
    long dataBytes) {
  private static final int TIMEOUT = 1200;

  static Settings read(Control control, Map<String, String> environment) throws IOException {
    Optional<String> me = control.line("me");
    Optional<String> greeting = control.line("smtpgreeting").or(() -> me);
    return new Settings(
        greeting.orElseThrow(() -> new IOException("neither control/smtpgreeting nor control/me")),
        control.line("localiphost").or(() -> me),
        Math.max(1, timeout(control.line("timeoutsmtpd").orElse(""))),
        RcptHosts.read(control),
        new AddressSet(control.set("badmailfrom").orElse(Set.of())),
        DataBytes.read(control, environment));
  }

  /** An int, as qmail has it (spec 20 section 1.2): of more seconds some bits are lost. */
  private static int timeout(String line) {
    return Decimal.digits(line) == 0 ? TIMEOUT : (int) Decimal.leading(line);
  }
}
