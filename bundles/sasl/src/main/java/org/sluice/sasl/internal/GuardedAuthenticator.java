package org.sluice.sasl.internal;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.auth.Authenticator;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Identity;
import org.sluice.api.auth.ScramKeys;
import org.sluice.sasl.Scram;

/**
 * An authenticator whose faults are temporary trouble, logged with the bundle that it is from:
 * whatever it throws, or null, ends as an IOException and so never a session. Thread-safe as far as
 * the authenticator is.
 */
final class GuardedAuthenticator implements Authenticator {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedAuthenticator.class);

  private final Authenticator authenticator;

  GuardedAuthenticator(Authenticator authenticator) {
    this.authenticator = authenticator;
  }

  /** If it cannot tell: what can be offered whatever its accounts are; a try of it tells more. */
  @Override
  public Set<String> mechanisms() {
    try {
      return Set.copyOf(authenticator.mechanisms());
    } catch (RuntimeException | Error e) {
      LOG.error("{} has failed", this, e);
      return LoginService.CLEAR;
    }
  }

  @Override
  public Optional<Identity> authenticate(Credentials credentials)
      throws IOException, InterruptedException {
    try {
      return Objects.requireNonNull(authenticator.authenticate(credentials));
    } catch (RuntimeException | Error e) {
      throw fault(e);
    }
  }

  @Override
  public Optional<ScramKeys> scram(String name, String hash) throws IOException {
    try {
      Optional<ScramKeys> keys = authenticator.scram(name, hash);
      if (keys.isPresent() && !Scram.sound(keys.get(), hash)) {
        throw new IllegalArgumentException("these are no keys for SCRAM-" + hash);
      }
      return keys;
    } catch (RuntimeException | Error e) {
      throw fault(e);
    }
  }

  @Override
  public Optional<Identity> identity(String name) throws IOException, InterruptedException {
    try {
      return Objects.requireNonNull(authenticator.identity(name));
    } catch (RuntimeException | Error e) {
      throw fault(e);
    }
  }

  private IOException fault(Throwable cause) {
    LOG.error("{} has failed", this, cause);
    return new IOException(this + " has failed", cause);
  }

  /** Its class and bundle. */
  @Override
  public String toString() {
    Bundle bundle = FrameworkUtil.getBundle(authenticator.getClass());
    String where = bundle == null ? "no bundle" : bundle.getSymbolicName();
    return authenticator.getClass().getName() + " of " + where;
  }
}
