package org.sluice.api.auth;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The server's side of one more SASL mechanism (RFC 4422), EXTERNAL or OAUTHBEARER (RFC 7628) for
 * example. A service with {@link #NAME}; listeners offer it while it is there, before those that
 * {@link Authenticator}s can check, by service.ranking, higher first. One with the name of such a
 * mechanism takes its place. Thread-safe; called on the session's thread. What it throws makes a
 * login fail for now, or leaves the mechanism out of the offer.
 */
@ConsumerType
public interface SaslMechanism {
  /** Service property, required: the mechanism's name, at most 20 of A to Z, 0 to 9, - and _. */
  String NAME = "sluice.sasl.mechanism";

  /**
   * Service property, Boolean: whether somebody who hears what the client says could log in with
   * it. Then it is offered only where a password may be sent. True if it is not there.
   */
  String CLEAR = "sluice.sasl.clear";

  /** Whether to offer it to this client now. Must not block: it is asked at each EHLO and CAPA. */
  default boolean offered(SaslClient client) {
    return true;
  }

  /** Begins an exchange; its {@link SaslExchange#respond} may block as long as a login may take. */
  SaslExchange begin(SaslClient client);
}
