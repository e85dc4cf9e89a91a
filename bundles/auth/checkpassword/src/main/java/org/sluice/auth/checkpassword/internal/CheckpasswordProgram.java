package org.sluice.auth.checkpassword.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Identity;
import org.sluice.api.auth.Logins;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.PathBytes;
import org.sluice.base.ProgramExit;

/**
 * {@code checkpassword program ...} (spec 20 section 11): asks the authenticators about the login
 * on descriptor 3, and runs the program as the account.
 */
@Component(property = Program.NAME + "=checkpassword")
public final class CheckpasswordProgram implements Program {
  private static final int REFUSED = 1;
  private static final int MISUSED = 2;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile Logins logins;

  /** For the framework. */
  public CheckpasswordProgram() {}

  CheckpasswordProgram(Logins logins) {
    this.logins = logins;
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "checkpassword", () -> login(context));
  }

  private int login(ProgramContext context) throws ProgramExit, InterruptedException {
    try {
      Optional<InputStream> in = context.input(3);
      if (context.arguments().isEmpty() || in.isEmpty()) {
        return MISUSED;
      }
      Optional<LoginData> data = LoginData.read(in.get());
      if (data.isEmpty()) {
        return MISUSED;
      }
      Optional<Identity> identity = check(data.get());
      return identity.isPresent() ? run(context, identity.get()) : REFUSED;
    } catch (LoginData.TooLongException e) {
      return REFUSED;
    } catch (IOException e) {
      throw ProgramExit.temporary(e.getMessage());
    }
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

  private static int run(ProgramContext context, Identity identity)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(identity.home())) {
      throw new IOException(identity.home() + " is no directory");
    }
    Map<String, String> environment = new HashMap<>(context.environment());
    environment.putAll(identity.environment());
    environment.put("USER", identity.user());
    environment.put("HOME", PathBytes.bytes(identity.home()));
    List<String> program = context.arguments();
    return context
        .execution(program)
        .environment(environment)
        .directory(identity.home())
        .input(3, InputStream.nullInputStream())
        .user(identity.uid(), identity.gid())
        .run();
  }
}
