package org.sluice.api.auth;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * All {@link Authenticator}s together: what listeners ask. A service; while it is away no login is
 * possible, which is temporary. Thread-safe, called on the session's thread.
 */
@ProviderType
public interface Logins {
  /**
   * The SASL mechanisms (RFC 4422) to offer now: those of {@link SaslMechanism} services, then of
   * those that authenticators can check the strongest first: those that send the password if some
   * authenticator can check them, the others only if all can, since clients choose the strongest
   * without knowing which account is where.
   *
   * @param encrypted false leaves out those that send the password in the clear
   * @param client for {@link SaslMechanism#offered}
   */
  List<String> mechanisms(boolean encrypted, SaslClient client);

  /** Whether some authenticator can check APOP (RFC 1939 section 7) now. */
  boolean apop();

  /**
   * Asks the authenticators by service.ranking, higher first, until one accepts.
   *
   * @return empty if none does
   * @throws IOException if none accepts and one cannot tell now, which is temporary
   */
  Optional<Identity> authenticate(Credentials credentials) throws IOException, InterruptedException;

  /**
   * Begins an exchange.
   *
   * @param mechanism a name in any case
   * @return empty if {@link #mechanisms} does not list it
   */
  Optional<SaslExchange> begin(String mechanism, SaslClient client);
}
