package org.sluice.base;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sluice.api.auth.Logins;
import org.sluice.api.auth.SaslClient;

/**
 * Where clients may log in without TLS. Whoever listens then can try passwords at home against a
 * CRAM-MD5 or SCRAM exchange, and takes over the session after it: these too want TLS.
 *
 * @param passwords where a password may be sent
 * @param challenges where mechanisms that only prove to know it may be used besides
 */
public record LoginPolicy(Plaintext passwords, Plaintext challenges) {
  /**
   * As configurations say it.
   *
   * @param challenges blank is as passwords
   * @throws IllegalArgumentException if there is no such policy
   */
  public static LoginPolicy of(String passwords, String challenges) {
    var clear = Plaintext.of(passwords);
    return new LoginPolicy(clear, challenges.isBlank() ? clear : Plaintext.of(challenges));
  }

  /**
   * The SASL mechanisms to offer as things are.
   *
   * @param environment the TCP environment (spec 20 section 2)
   */
  public List<String> mechanisms(
      Optional<Logins> logins, SaslClient client, Map<String, String> environment) {
    boolean tls = client.tls().isPresent();
    boolean clear = passwords.allowed(tls, environment);
    return clear || challenges.allowed(tls, environment)
        ? logins.map(present -> present.mechanisms(clear, client)).orElse(List.of())
        : List.of();
  }
}
