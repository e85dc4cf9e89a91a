package org.sluice.sasl.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import org.sluice.api.auth.Authenticator;
import org.sluice.api.auth.Identity;
import org.sluice.api.auth.ScramKeys;
import org.sluice.base.RankedServices;
import org.sluice.sasl.Scram;

/**
 * Finds the keys of accounts. A name that nobody knows gets keys too, which no password has, so
 * that a client cannot ask who exists: the same name gets the same salt until the server restarts.
 */
final class ScramAccounts {
  /** The keys of an account, and who vouches for it once they are proved. */
  record Account(ScramKeys keys, Optional<Authenticator> authenticator) {}

  private final RankedServices<Authenticator> authenticators;
  private final byte[] seed = new byte[32];
  private volatile int iterations = Scram.ITERATIONS;
  private volatile int salt = Scram.SALT;

  ScramAccounts(RankedServices<Authenticator> authenticators) {
    this.authenticators = authenticators;
    new SecureRandom().nextBytes(seed);
  }

  Account find(String name, String hash) throws IOException, InterruptedException {
    Optional<Account> known =
        authenticators.ask(a -> a.scram(name, hash).map(keys -> new Account(keys, Optional.of(a))));
    if (known.isPresent()) {
      // Decoys look like the accounts that are here.
      iterations = known.get().keys().iterations();
      salt = known.get().keys().salt().length;
      return known.get();
    }
    byte[] key = Scram.hmac(hash, seed, name.getBytes(StandardCharsets.ISO_8859_1));
    byte[] decoySalt = Arrays.copyOf(Scram.hmac("SHA-256", seed, key), Math.min(32, salt));
    return new Account(new ScramKeys(hash, decoySalt, iterations, key, key), Optional.empty());
  }

  /** Who has proved to have the keys; the authenticator may have left meanwhile. */
  Optional<Identity> identity(Account account, String name)
      throws IOException, InterruptedException {
    if (account.authenticator.isEmpty()) {
      return Optional.empty();
    }
    return authenticators.ask(
        a -> a == account.authenticator.get() ? a.identity(name) : Optional.empty());
  }
}
