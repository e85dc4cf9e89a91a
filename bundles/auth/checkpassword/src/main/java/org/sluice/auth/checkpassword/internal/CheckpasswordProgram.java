package org.sluice.auth.checkpassword.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Identity;
import org.sluice.api.auth.Logins;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.program.ProgramHost;
import org.sluice.base.ProgramExit;
import org.sluice.base.program.SystemUser;

/**
 * {@code checkpassword program ...} (spec 20 section 11): asks the authenticators about the login
 * on descriptor 3, and runs the program as the account.
 */
@Component(property = Program.NAME + "=checkpassword")
public final class CheckpasswordProgram implements Program {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpasswordProgram.class);
  private static final int REFUSED = 1;
  private static final int MISUSED = 2;

  /** Tells whom this process can run a program as. */
  @FunctionalInterface
  interface Users {
    boolean reach(SystemUser user) throws IOException;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile Logins logins;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile ProgramHost programs;

  private final Shells shells;
  private final Users users;

  /** For the framework. */
  @Activate
  public CheckpasswordProgram() {
    this(Path.of("/etc/passwd"), SystemUser::isReachable);
  }

  private CheckpasswordProgram(Path passwd, Users users) {
    this.shells = new Shells(passwd);
    this.users = users;
  }

  CheckpasswordProgram(Logins logins, Path passwd, Users users) {
    this(passwd, users);
    this.logins = logins;
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "checkpassword", () -> login(context));
  }

  private int login(ProgramContext context) throws ProgramExit, InterruptedException {
    try {
      if (context.arguments().isEmpty()) {
        return MISUSED;
      }
      InputStream in =
          context.input(3).orElseThrow(() -> new IOException("descriptor 3 is not open"));
      Optional<LoginData> data = LoginData.read(in);
      if (data.isEmpty()) {
        return MISUSED;
      }
      Optional<Identity> identity = check(data.get());
      return identity.isPresent() && reaches(identity.get())
          ? new AccountProgram(context, identity.get(), shells, registered()).run()
          : REFUSED;
    } catch (LoginData.TooLongException e) {
      return REFUSED;
    } catch (IOException e) {
      throw ProgramExit.temporary(e.getMessage());
    }
  }

  private boolean reaches(Identity identity) throws IOException {
    boolean reached = users.reach(new SystemUser(identity.uid(), identity.gid()));
    if (!reached) {
      LOG.warn(
          "{} is refused: only root can run a program as uid {}", identity.user(), identity.uid());
    }
    return reached;
  }

  private Set<String> registered() {
    ProgramHost host = programs;
    return host == null ? Set.of() : host.names();
  }

  /** The second field may be a password or, with a challenge, the answer to it. */
  private Optional<Identity> check(LoginData data) throws IOException, InterruptedException {
    Logins present = logins;
    if (present == null) {
      throw new IOException("logins are being replaced");
    }
    var password = new Credentials.Password(data.name(), data.secret());
    Optional<Identity> identity = present.authenticate(password);
    if (identity.isPresent() || data.challenge().isEmpty() || !present.apop()) {
      return identity;
    }
    return present.authenticate(
        new Credentials.Response(data.name(), "APOP", data.challenge(), data.secret()));
  }
}
