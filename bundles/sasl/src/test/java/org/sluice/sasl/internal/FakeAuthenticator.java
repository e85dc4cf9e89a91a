package org.sluice.sasl.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sluice.api.auth.Authenticator;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Identity;
import org.sluice.api.auth.ScramKeys;
import org.sluice.sasl.StoredSecret;

/** One account. */
final class FakeAuthenticator implements Authenticator {
  private final String name;
  private final StoredSecret secret;

  FakeAuthenticator(String name, String field) {
    this.name = name;
    this.secret = StoredSecret.parse(field);
  }

  @Override
  public Set<String> mechanisms() {
    return secret.mechanisms();
  }

  @Override
  public Optional<Identity> authenticate(Credentials credentials) throws IOException {
    return credentials.name().equals(name) && secret.proves(credentials)
        ? identity(name)
        : Optional.empty();
  }

  @Override
  public Optional<ScramKeys> scram(String who, String hash) {
    return who.equals(name) ? secret.scram(hash) : Optional.empty();
  }

  @Override
  public Optional<Identity> identity(String who) throws IOException {
    return Optional.of(new Identity(name, 1000, 1000, Path.of("/home", name), Map.of()));
  }
}
