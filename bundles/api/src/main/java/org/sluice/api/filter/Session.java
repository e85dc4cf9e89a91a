package org.sluice.api.filter;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One client connection.
 *
 * @param id unique in this process
 * @param protocol for example {@code smtp}
 * @param environment the TCP environment: TCPREMOTEIP, RELAYCLIENT and so on (spec 20 section 2)
 * @param hello the client's HELO or EHLO name, if it gave one
 * @param since when it connected
 */
public record Session(
    String id,
    String protocol,
    Map<String, String> environment,
    Optional<String> hello,
    Instant since) {
  /** Copies the map. */
  public Session {
    environment = Map.copyOf(environment);
  }

  /** This session after a HELO or EHLO. */
  public Session withHello(String name) {
    return new Session(id, protocol, environment, Optional.of(name), since);
  }

  /** This session with another environment. */
  public Session withEnvironment(Map<String, String> variables) {
    return new Session(id, protocol, variables, hello, since);
  }
}
