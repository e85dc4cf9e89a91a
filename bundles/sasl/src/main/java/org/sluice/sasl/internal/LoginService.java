package org.sluice.sasl.internal;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.auth.Authenticator;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Identity;
import org.sluice.api.auth.Logins;
import org.sluice.api.auth.SaslClient;
import org.sluice.api.auth.SaslExchange;
import org.sluice.api.auth.SaslMechanism;
import org.sluice.base.RankedServices;

/** Asks the authenticators; one that leaves is waited for while it checks a login. */
@Component
public final class LoginService implements Logins {
  private static final Logger LOG = LoggerFactory.getLogger(LoginService.class);
  static final Set<String> CLEAR = Set.of("PLAIN", "LOGIN");
  private static final Duration DRAIN = Duration.ofSeconds(30);

  /**
   * What checkpassword takes at most (spec 20 section 11.1); a longer secret costs time to hash.
   */
  private static final int LONGEST = 512;

  /** The strongest first. */
  private static final List<String> ORDER =
      List.of("SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5", "PLAIN", "LOGIN");

  private final RankedServices<Authenticator> authenticators = new RankedServices<>(DRAIN);

  /** By the services themselves; only these are asked. */
  private final Map<Authenticator, Authenticator> guarded =
      Collections.synchronizedMap(new IdentityHashMap<>());

  private final PluggedMechanisms plugged = new PluggedMechanisms(DRAIN);
  private final ScramAccounts keys = new ScramAccounts(authenticators);
  private final Arrival arrival;

  /** By Declarative Services. */
  @Activate
  public LoginService() {
    this(Duration.ofSeconds(5));
  }

  /**
   * @param grace how long a login waits for an authenticator after the last one has left
   */
  LoginService(Duration grace) {
    this.arrival = new Arrival(grace, () -> !authenticators.isEmpty());
  }

  /** One came. */
  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  public void add(Authenticator authenticator, Map<String, ?> properties) {
    authenticators.add(
        guarded.computeIfAbsent(authenticator, GuardedAuthenticator::new), properties);
    arrival.changed();
  }

  /** One came; a name that cannot be one is logged and never offered. */
  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  public void addMechanism(SaslMechanism mechanism, Map<String, ?> properties) {
    plugged.add(mechanism, properties);
  }

  /** It leaves; likewise. */
  public void removeMechanism(SaslMechanism mechanism) {
    plugged.remove(mechanism);
  }

  /** It leaves; returns when no call is inside it, or after half a minute. */
  public void remove(Authenticator authenticator) {
    Authenticator left = guarded.remove(authenticator);
    if (left != null && !authenticators.remove(left)) {
      LOG.warn("{} left while it was checking a login", authenticator.getClass().getName());
    }
    arrival.changed();
  }

  @Override
  public List<String> mechanisms(boolean encrypted, SaslClient client) {
    List<Set<String>> checkable = checkable();
    Stream<String> own =
        ORDER.stream()
            .filter(
                name ->
                    CLEAR.contains(name)
                        ? encrypted && checkable.stream().anyMatch(some -> some.contains(name))
                        : !checkable.isEmpty()
                            && checkable.stream().allMatch(s -> s.contains(name)));
    return Stream.concat(plugged.names(encrypted, client), own).distinct().toList();
  }

  @Override
  public boolean apop() {
    return checkable().stream().anyMatch(names -> names.contains("APOP"));
  }

  /** What each authenticator that has accounts can check. */
  private List<Set<String>> checkable() {
    try {
      arrival.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the session ends when it next waits
    }
    List<Set<String>> all = new ArrayList<>();
    authenticators.forEach(authenticator -> all.add(authenticator.mechanisms()));
    all.removeIf(Set::isEmpty);
    return all;
  }

  @Override
  public Optional<Identity> authenticate(Credentials credentials)
      throws IOException, InterruptedException {
    if (credentials.name().length() + credentials.secret().length() > LONGEST) {
      return Optional.empty();
    }
    arrival.await();
    if (authenticators.isEmpty()) {
      throw new IOException("no authenticator is there");
    }
    return authenticators.ask(authenticator -> authenticator.authenticate(credentials));
  }

  @Override
  public Optional<SaslExchange> begin(String mechanism, SaslClient client) {
    String name = mechanism.toUpperCase(Locale.ROOT);
    if (!mechanisms(true, client).contains(name)) {
      return Optional.empty();
    }
    return plugged.begin(name, client).or(() -> own(name, client.host()));
  }

  private Optional<SaslExchange> own(String name, String host) {
    return Optional.ofNullable(
        switch (name) {
          case "SCRAM-SHA-256" -> new ScramExchange("SHA-256", keys, random());
          case "SCRAM-SHA-1" -> new ScramExchange("SHA-1", keys, random());
          case "CRAM-MD5" -> new CramMd5Exchange(this, random(), host);
          case "PLAIN" -> new PlainExchange(this);
          case "LOGIN" -> new LoginExchange(this);
          default -> null; // a plugged one that has left meanwhile
        });
  }

  /** An unguessable text for challenges and nonces. */
  private static String random() {
    byte[] bytes = new byte[18];
    new SecureRandom().nextBytes(bytes);
    return java.util.Base64.getEncoder().encodeToString(bytes);
  }
}
