package org.sluice.listeners.pop3.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

  /** What UCSPITLS says, as for SMTP, where nobody may log in before TLS. */
  private static final String DEMANDED = "!";

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

  /** What the programs do. */
  static final Policy QMAIL =
      new Policy(
          Optional.empty(),
          "Maildir",
          false,
          false,
          new LoginPolicy(Plaintext.ALWAYS, Plaintext.ALWAYS),
          1,
          Duration.ZERO,
          Duration.ZERO,
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

  private static String wish(Connection connection) {
    return connection.environment().getOrDefault("UCSPITLS", "");
  }

  /** Whether a password may be sent on this connection as it is now. */
  boolean passwords(Connection connection) {
    return !extensions || allowed(logins.passwords(), connection);
  }

  /** Whether AUTH may be used by what does not send the password, likewise. */
  boolean challenges(Connection connection) {
    return allowed(logins.challenges(), connection);
  }

  private static boolean allowed(Plaintext where, Connection connection) {
    return where.allowed(connection.tls().isPresent(), connection.environment());
  }
}
