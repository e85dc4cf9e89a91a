package org.sluice.listeners.pop3.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.auth.Logins;
import org.sluice.api.auth.SaslClient;
import org.sluice.api.net.Connection;
import org.sluice.base.LoginPolicy;
import org.sluice.base.OperatorConfig;
import org.sluice.base.Plaintext;

/** The configuration, checked. */
record Policy(
    Optional<String> hostname,
    String maildir,
    boolean extensions,
    boolean requireTls,
    LoginPolicy logins,
    int attempts,
    Duration failureDelay,
    Duration timeout,
    boolean allowRoot) {

  private static final Logger LOG = LoggerFactory.getLogger(Policy.class);

  /** What UCSPITLS may say, as for SMTP. */
  private static final String DEMANDED = "!";

  private static final String NOT_OFFERED = "-";

  /** What a bad value stands for where the default would allow more. */
  private static final Map<String, ?> SAFE =
      Map.of(
          "plaintext",
          Plaintext.NEVER,
          "challenges",
          Plaintext.NEVER,
          "requireTls",
          true,
          "allowRoot",
          false);

  /** Bad values are logged; without the listener its clients would wait for nothing. */
  static Policy of(Pop3Config typed, Map<String, ?> properties) {
    var config = OperatorConfig.mended(Pop3Handler.PID, Pop3Config.class, typed, properties, SAFE);
    Path maildir = Path.of(config.maildir()).normalize();
    if (maildir.isAbsolute() || maildir.startsWith("..") || maildir.equals(Path.of(""))) {
      LOG.error(
          "{}: maildir = {}: a directory below a home is wanted; Maildir is used",
          Pop3Handler.PID,
          config.maildir());
      maildir = Path.of("Maildir");
    }
    return new Policy(
        config.hostname().isBlank() ? Optional.empty() : Optional.of(config.hostname().strip()),
        maildir.toString(),
        config.extensions(),
        config.requireTls(),
        LoginPolicy.of(config.plaintext(), config.challenges()),
        config.extensions() ? Math.max(1, config.attempts()) : 1,
        Duration.ofSeconds(Math.max(0, config.failureDelaySeconds())),
        Duration.ofSeconds(Math.max(1, config.timeoutSeconds())),
        config.allowRoot());
  }

  /** Whether nobody may log in on this connection before TLS, by whichever mechanism. */
  boolean closed(Connection connection) {
    return connection.tls().isEmpty() && (requireTls || wish(connection).equals(DEMANDED));
  }

  /** Whether STLS may be offered on this connection. */
  static boolean offersTls(Connection connection) {
    return connection.tls().isEmpty() && !wish(connection).equals(NOT_OFFERED);
  }

  private static String wish(Connection connection) {
    return connection.environment().getOrDefault("UCSPITLS", "");
  }

  /** Whether a password may be sent on this connection as it is now. */
  boolean clear(Connection connection) {
    return logins.passwords().allowed(connection.tls().isPresent(), connection.environment());
  }

  /** The mechanisms of AUTH on this connection as it is now. */
  List<String> mechanisms(Connection connection, SaslClient client, Optional<Logins> present) {
    return closed(connection)
        ? List.of()
        : logins.mechanisms(present, client, connection.environment());
  }
}
