package org.sluice.net.internal;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether a client is let in, and with which environment. */
@FunctionalInterface
interface Admission {
  /**
   * @param tcp the variables that say who the client is
   * @return these and the listener's and the rules' variables; empty if it is not let in
   * @throws IOException if the rules cannot be read
   */
  Optional<Map<String, String>> admit(Session session, Map<String, String> tcp) throws IOException;

  /** By the rules of a listener. */
  static Admission of(Settings settings, RuleSource rules) {
    Logger log = LoggerFactory.getLogger(Admission.class);
    return (session, tcp) -> {
      String ip = tcp.getOrDefault("TCPREMOTEIP", "");
      Verdict verdict = rules.check(ip, tcp.get("TCPREMOTEHOST"), tcp.get("TCPREMOTEINFO"));
      if (verdict.denied()) {
        log.info("{}: deny {}", session.id(), ip);
        return Optional.empty();
      }
      var variables = new LinkedHashMap<>(tcp);
      variables.putAll(settings.environment());
      variables.putAll(verdict.variables());
      return Optional.of(variables);
    };
  }
}
