package org.sluice.api.filter;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One client connection. What the environment tells of it is there as types as well: these are
 * computed from it each time, in any thread, without asking anybody, and are empty where the
 * environment has nothing that can be used, as on descriptors without a TCP connection.
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
  /** The variable that names who has logged in. */
  public static final String USER = "SMTPAUTHUSER";

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

  /**
   * Where the client is: TCPREMOTEIP and TCPREMOTEPORT. Behind a proxy that is trusted, what the
   * proxy says. Port 0 if it is not known. {@code ::ffff:192.0.2.1} is the IPv4 address in it.
   */
  public Optional<InetSocketAddress> client() {
    return Endpoint.of(variable("TCPREMOTEIP"), variable("TCPREMOTEPORT"));
  }

  /** What the client has connected to: TCPLOCALIP and TCPLOCALPORT, likewise. */
  public Optional<InetSocketAddress> local() {
    return Endpoint.of(variable("TCPLOCALIP"), variable("TCPLOCALPORT"));
  }

  /** The TLS that the connection has now: SSL_PROTOCOL and so on; empty while it has none. */
  public Optional<TlsInfo> tls() {
    return variable("SSL_PROTOCOL")
        .map(
            protocol ->
                new TlsInfo(
                    protocol,
                    environment.getOrDefault("SSL_CIPHER", ""),
                    variable("SSL_TLS_SNI"),
                    variable("SSL_CLIENT_S_DN")));
  }

  /** Who has logged in (RFC 4954), bytes as an ISO-8859-1 string: {@value #USER}. */
  public Optional<String> user() {
    return variable(USER);
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name));
  }
}
