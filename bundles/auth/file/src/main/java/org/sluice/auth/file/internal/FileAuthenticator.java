package org.sluice.auth.file.internal;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.auth.Authenticator;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Identity;
import org.sluice.api.auth.ScramKeys;
import org.sluice.api.control.Control;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.delivery.UserDirectory;
import org.sluice.api.program.ProgramHost;
import org.sluice.base.PrintableText;
import org.sluice.sasl.AccountFile;
import org.sluice.sasl.StoredSecret;

/** Checks logins against {@code users/passwords}; the user directory says whose mailbox it is. */
@Component
public final class FileAuthenticator implements Authenticator {
  private static final Logger LOG = LoggerFactory.getLogger(FileAuthenticator.class);

  private static final String FILE = "users/passwords";
  private static final String APOP = "APOP";
  private static final Set<String> ALWAYS = Set.of("PLAIN", "LOGIN");

  /** What the accounts of one reading can use: every client asks, and there may be many of them. */
  private record Offer(Map<String, StoredSecret> accounts, Set<String> names) {}

  private final AccountFile<StoredSecret> file;
  private volatile Offer offer = new Offer(Map.of(), Set.of());

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile UserDirectory users;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile ProgramHost programs;

  /** By Declarative Services. */
  @Activate
  public FileAuthenticator(@Reference Control control) {
    this.file =
        new AccountFile<>(
            control.home().resolve(FILE), true, (name, fields) -> secret(name, fields.get(0)));
  }

  /** With a user directory that stays. */
  public FileAuthenticator(Control control, UserDirectory users) {
    this(control);
    this.users = users;
  }

  FileAuthenticator(Control control, UserDirectory users, ProgramHost programs) {
    this(control, users);
    this.programs = programs;
  }

  /** Said once whenever the file is read, not to each client that fails. */
  private static StoredSecret secret(String name, String field) {
    StoredSecret secret = StoredSecret.parse(field);
    if (secret instanceof StoredSecret.Foreign foreign && !leftToTheSystem(secret)) {
      foreign
          .complaint()
          .ifPresent(
              what ->
                  LOG.warn(
                      "{}: the field of {} {}; its logins fail",
                      FILE,
                      PrintableText.of(name, '?'),
                      what));
    }
    return secret;
  }

  @Override
  public Set<String> mechanisms() {
    try {
      Map<String, StoredSecret> accounts = file.accounts();
      Offer known = offer;
      if (known.accounts() != accounts) {
        known = new Offer(accounts, common(accounts));
        offer = known;
      }
      return known.names();
    } catch (IOException e) {
      // Who tries one of them is told that the trouble is temporary.
      LOG.debug("{}", e.getMessage());
      return ALWAYS;
    }
  }

  /** What all who can log in can use, and APOP if somebody can. */
  private static Set<String> common(Map<String, StoredSecret> accounts) {
    List<Set<String>> kinds =
        accounts.values().stream()
            .map(FileAuthenticator::mechanisms)
            .filter(kind -> !kind.isEmpty())
            .distinct()
            .toList();
    Set<String> names = new TreeSet<>();
    kinds.forEach(names::addAll);
    names.removeIf(n -> !n.equals(APOP) && !kinds.stream().allMatch(k -> k.contains(n)));
    return Collections.unmodifiableSet(names);
  }

  @Override
  public Optional<Identity> authenticate(Credentials credentials)
      throws IOException, InterruptedException {
    Map<String, StoredSecret> accounts = file.accounts();
    // A name that is not there, or that nothing can prove, takes as long as one that is.
    Optional<StoredSecret> secret =
        Optional.ofNullable(accounts.get(credentials.name())).filter(FileAuthenticator::usable);
    Optional<StoredSecret> checked = secret.or(() -> decoy(accounts));
    boolean proved = checked.isPresent() && proves(checked.get(), credentials);
    return proved && secret.isPresent() ? identity(credentials.name()) : Optional.empty();
  }

  private static Optional<StoredSecret> decoy(Map<String, StoredSecret> accounts) {
    return accounts.values().stream().filter(FileAuthenticator::usable).findFirst();
  }

  private static boolean usable(StoredSecret secret) {
    return !mechanisms(secret).isEmpty();
  }

  private static Set<String> mechanisms(StoredSecret secret) {
    return leftToTheSystem(secret) ? ALWAYS : secret.mechanisms();
  }

  private static boolean leftToTheSystem(StoredSecret secret) {
    return secret instanceof StoredSecret.Foreign foreign && SystemCrypt.knows(foreign.field());
  }

  private boolean proves(StoredSecret secret, Credentials credentials)
      throws IOException, InterruptedException {
    if (!(secret instanceof StoredSecret.Foreign foreign)) {
      return secret.proves(credentials);
    }
    if (!(credentials instanceof Credentials.Password password)) {
      return false;
    }
    ProgramHost host = programs;
    if (host == null) {
      throw new IOException("no host for programs is there, which some hashes take");
    }
    return SystemCrypt.matches(host, foreign.field(), password.secret());
  }

  @Override
  public Optional<ScramKeys> scram(String name, String hash) throws IOException {
    return Optional.ofNullable(file.accounts().get(name)).flatMap(s -> s.scram(hash));
  }

  @Override
  public Optional<Identity> identity(String name) throws IOException, InterruptedException {
    UserDirectory directory = users;
    if (directory == null) {
      throw new IOException("no user directory is there");
    }
    Optional<LocalUser> user = directory.find(name);
    // Names that nobody has belong to the alias user, with the name as extension.
    if (user.isEmpty() || !user.get().extension().isEmpty()) {
      throw new IOException(FILE + " has " + name + ", who has no account");
    }
    return user.map(u -> new Identity(u.name(), u.uid(), u.gid(), u.home(), Map.of()));
  }
}
