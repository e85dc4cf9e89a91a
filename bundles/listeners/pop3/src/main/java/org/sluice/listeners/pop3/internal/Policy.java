package org.sluice.listeners.pop3.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.sluice.api.net.Connection;
import org.sluice.base.Plaintext;

/** The configuration, checked. */
record Policy(
    Optional<String> hostname,
    String maildir,
    boolean extensions,
    boolean requireTls,
    Plaintext plaintext,
    int attempts,
    Duration failureDelay,
    Duration timeout,
    boolean allowRoot) {

  /** What UCSPITLS may say, as for SMTP. */
  private static final String DEMANDED = "!";

  private static final String NOT_OFFERED = "-";

  static Policy of(Pop3Config config) {
    Path maildir = Path.of(config.maildir()).normalize();
    if (maildir.isAbsolute() || maildir.startsWith("..") || maildir.equals(Path.of(""))) {
      throw new IllegalArgumentException("maildir is not below a home: " + config.maildir());
    }
    return new Policy(
        config.hostname().isBlank() ? Optional.empty() : Optional.of(config.hostname().strip()),
        maildir.toString(),
        config.extensions(),
        config.requireTls(),
        Plaintext.of(config.plaintext()),
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
    return plaintext.allowed(connection.tls().isPresent(), connection.environment());
  }
}
