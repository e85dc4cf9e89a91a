package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.sluice.api.control.Control;

/**
 * What one run goes by: the control files (spec 30 section 2.2), and its number.
 *
 * @param helo the argument of HELO
 * @param routes smtproutes
 * @param connectMillis at least 1
 * @param remoteMillis at least 1, for each read or write
 * @param spread 0 to 31, another for each run: the process id modulo 32 (spec 10 section 17.2)
 */
record RemoteSettings(
    String helo, Map<String, String> routes, int connectMillis, int remoteMillis, int spread) {
  private static final int RUNS = 32;

  static RemoteSettings read(Control control) throws RemoteFailure {
    if (!Files.isDirectory(control.home())) {
      throw RemoteFailure.home();
    }
    try {
      Optional<String> me = control.line("me");
      int remote = millis(control.number("timeoutremote", 1200));
      int connect = millis(control.number("timeoutconnect", 60));
      Optional<String> helo = control.line("helohost").or(() -> me);
      List<String> routes = control.list("smtproutes").orElse(List.of());
      return new RemoteSettings(
          helo.orElseThrow(() -> RemoteFailure.control(null)),
          Route.table(routes),
          connect,
          remote,
          ThreadLocalRandom.current().nextInt(RUNS));
    } catch (IOException e) {
      throw RemoteFailure.control(e);
    }
  }

  /** Java takes 0 for "for ever", qmail for "at once". */
  private static int millis(long seconds) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, Math.min(seconds, 2_000_000) * 1000));
  }
}
