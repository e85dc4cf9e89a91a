package org.sluice.auth.system.internal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.sluice.api.auth.Authenticator;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Identity;
import org.sluice.api.program.ProgramHost;
import org.sluice.base.Child;
import org.sluice.sasl.AccountFile;
import org.sluice.sasl.StoredSecret;

/**
 * Checks passwords against {@code /etc/shadow}, and for accounts that are not in it against {@code
 * /etc/passwd} (spec 20 section 11.2). Hashes that Java does not know, yescrypt for example, are
 * left to PAM's {@code unix_chkpwd}, which gets the password on descriptor 0.
 */
@Component(
    configurationPid = SystemAuthenticator.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SystemAuthenticator.Config.class)
public final class SystemAuthenticator implements Authenticator {
  /** Where the accounts are. */
  @ObjectClassDefinition(name = "Sluice logins of the system's accounts")
  public @interface Config {
    @AttributeDefinition(description = "User ids, homes and old hashes, as in passwd(5)")
    String passwd() default "/etc/passwd";

    @AttributeDefinition(description = "Hashes, as in shadow(5)")
    String shadow() default "/etc/shadow";
  }

  static final String PID = "org.sluice.auth.system";

  private static final List<Path> CHECKERS =
      List.of(Path.of("/usr/sbin/unix_chkpwd"), Path.of("/sbin/unix_chkpwd"));
  private static final int SECONDS = 30;

  /** PAM's PAM_SYSTEM_ERR and PAM_AUTHINFO_UNAVAIL, which say nothing about the password. */
  private static final Set<Integer> TROUBLE = Set.of(4, 9);

  private final AccountFile<Optional<Account>> accounts;
  private final AccountFile<StoredSecret> secrets;

  /** How long the last check took that was left to the checker; at first a guess. */
  private volatile long checkerMillis = 50;

  private final InstantSource clock = InstantSource.system();

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile ProgramHost programs;

  /** By Declarative Services. */
  @Activate
  public SystemAuthenticator(Config config) {
    this(Path.of(config.passwd()), Path.of(config.shadow()));
  }

  SystemAuthenticator(Path passwd, Path shadow) {
    this.accounts = new AccountFile<>(passwd, false, (name, fields) -> Account.parse(fields));
    this.secrets =
        new AccountFile<>(shadow, true, (name, fields) -> StoredSecret.parse(fields.get(0)));
  }

  SystemAuthenticator(Path passwd, Path shadow, ProgramHost programs) {
    this(passwd, shadow);
    this.programs = programs;
  }

  @Override
  public Set<String> mechanisms() {
    return Set.of("PLAIN", "LOGIN");
  }

  @Override
  public Optional<Identity> authenticate(Credentials credentials)
      throws IOException, InterruptedException {
    if (!(credentials instanceof Credentials.Password password)) {
      return Optional.empty();
    }
    String name = password.name();
    Map<String, StoredSecret> known = secrets.accounts();
    Optional<Account> account = accounts.accounts().getOrDefault(name, Optional.empty());
    if (account.isEmpty() || locked(known.getOrDefault(name, account.get().secret()))) {
      decoy(known, password.secret());
      return Optional.empty();
    }
    StoredSecret secret = known.getOrDefault(name, account.get().secret());
    boolean proved =
        secret instanceof StoredSecret.Foreign
            ? chkpwd(name, password.secret())
            : secret.matches(password.secret());
    return proved ? account.map(a -> a.identity(name)) : Optional.empty();
  }

  /** {@code !}, {@code *} or nothing in the place of a hash. */
  private static boolean locked(StoredSecret secret) {
    return secret instanceof StoredSecret.Foreign foreign && !foreign.field().startsWith("$");
  }

  /** A name that is not there takes as long as one that is. */
  private void decoy(Map<String, StoredSecret> known, String password)
      throws IOException, InterruptedException {
    Optional<StoredSecret> other =
        Stream.concat(
                known.values().stream(),
                accounts.accounts().values().stream()
                    .flatMap(Optional::stream)
                    .map(Account::secret))
            .filter(secret -> !secret.mechanisms().isEmpty())
            .findFirst();
    if (other.isPresent()) {
      other.get().matches(password);
    } else {
      Thread.sleep(checkerMillis);
    }
  }

  private boolean chkpwd(String name, String password) throws IOException, InterruptedException {
    ProgramHost host = programs;
    Optional<Path> checker = CHECKERS.stream().filter(Files::isExecutable).findFirst();
    if (host == null || checker.isEmpty()) {
      throw new IOException(
          "the hash of " + name + " is of a kind that only unix_chkpwd can check");
    }
    byte[] line = (password + '\0').getBytes(StandardCharsets.ISO_8859_1);
    long begin = System.nanoTime();
    int status =
        host.execution(List.of(checker.get().toString(), name, "nonull"))
            .input(0, new ByteArrayInputStream(line))
            .deadline(clock.instant().plusSeconds(SECONDS))
            .run();
    checkerMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    if (Child.crashed(status) || TROUBLE.contains(status)) {
      throw new IOException(checker.get() + " could not check " + name + ": " + status);
    }
    return status == 0;
  }
}
