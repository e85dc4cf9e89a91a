package org.sluice.api.auth;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Checks logins: a users file, the system's accounts, an external checkpassword program. A service;
 * {@link Logins} asks all of them, by service.ranking, until one accepts. Thread-safe, called on
 * the session's thread, may take as long as a good password hash takes. Whatever a method throws
 * beyond what it declares, and null, is logged with the bundle and is temporary.
 */
@ConsumerType
public interface Authenticator {
  /**
   * The SASL mechanisms that it can check for every account that it knows, for example {@code
   * PLAIN}: a client that has chosen one and fails does not try another. Also {@code APOP}, if it
   * can check that for some. None if it has no accounts.
   */
  Set<String> mechanisms();

  /**
   * Checks a login.
   *
   * @return empty if the name or the secret is wrong, or it does not know the name
   * @throws IOException if that cannot be told now, which is temporary
   */
  Optional<Identity> authenticate(Credentials credentials) throws IOException, InterruptedException;

  /** The SCRAM keys of an account; empty if there are none of this hash. */
  default Optional<ScramKeys> scram(String name, String hash) throws IOException {
    return Optional.empty();
  }

  /** The account behind a name that SCRAM has proved; empty if there is none. */
  default Optional<Identity> identity(String name) throws IOException, InterruptedException {
    return Optional.empty();
  }
}
