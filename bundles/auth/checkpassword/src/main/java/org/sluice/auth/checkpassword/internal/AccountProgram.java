package org.sluice.auth.checkpassword.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sluice.api.auth.Identity;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.PathBytes;
import org.sluice.base.program.ExecFormat;
import org.sluice.base.program.SystemUser;

/**
 * The program that checkpassword is given, run as the account (spec 20 sections 11.2 and 11.3): a
 * shell that already is the account enters the home, so that nobody gets into one that is not open
 * to him, and tells a program that cannot be run (111) from one that has ended with 126 or 127.
 */
final class AccountProgram {
  /** Set by the door's client: the caller's umask in octal, which the server's own is not. */
  private static final String UMASK = "SLUICE_UMASK";

  /**
   * $1 is the umask or empty, $2 names variables that cd would add. A shell whose exec has failed
   * goes to the trap or, bash, on to the next command.
   */
  private static final String SCRIPT =
      """
      trap 'exit 111' EXIT
      [ -n "$HOME" ] && cd -- "$HOME" || exit
      [ -z "$1" ] || umask "$1" || exit
      unset $2
      shift 2
      shopt -s execfail 2>/dev/null
      exec "$@"
      exit""";

  private static final int CLOSED = 3;

  private final ProgramContext context;
  private final Identity identity;
  private final Shells shells;
  private final Set<String> registered;
  private final SystemUser user;

  /**
   * @param registered the names of programs of ours
   */
  AccountProgram(ProgramContext context, Identity identity, Shells shells, Set<String> registered) {
    this.context = context;
    this.identity = identity;
    this.shells = shells;
    this.registered = registered;
    this.user = new SystemUser(identity.uid(), identity.gid());
  }

  /**
   * Runs it to its end; its status, or 111 if it or the home is not there for the account.
   *
   * @throws IOException if no process can be started
   */
  int run() throws IOException, InterruptedException {
    List<String> program = context.arguments();
    // A program of ours is run in process, where no user changes.
    boolean ours = registered.contains(program.get(0)) && user.isOwn();
    if (ours && !canBeEntered(identity.home())) {
      throw new IOException(identity.home() + " cannot be entered");
    }
    Map<String, String> environment = environment();
    if (!ours && ExecFormat.unknown(program.get(0), environment, identity.home(), user)) {
      throw new IOException(program.get(0) + ": exec format error"); // the shell would run it
    }
    return context
        .execution(ours ? program : shell(program))
        .descriptors(new WithoutLogin(context))
        .environment(environment)
        .directory(ours ? identity.home() : Path.of("/"))
        .user(user.uid(), user.gid())
        .run();
  }

  /** An empty one cannot: chdir(2) does not take it for the directory that it is called in. */
  private static boolean canBeEntered(Path home) {
    return !home.toString().isEmpty() && Files.isDirectory(home) && Files.isExecutable(home);
  }

  private List<String> shell(List<String> program) {
    String umask = context.environment().getOrDefault(UMASK, "");
    List<String> added = new ArrayList<>(List.of("PWD", "OLDPWD"));
    added.removeAll(context.environment().keySet());
    List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "checkpassword"));
    words.add(umask.matches("[0-7]{1,4}") ? umask : "");
    words.add(String.join(" ", added));
    words.addAll(program);
    return words;
  }

  private Map<String, String> environment() throws IOException {
    Map<String, String> environment = new HashMap<>(context.environment());
    environment.remove(UMASK);
    if (!identity.environment().containsKey(Shells.VARIABLE)) {
      shells.of(identity).ifPresent(shell -> environment.put(Shells.VARIABLE, shell));
    }
    environment.putAll(identity.environment());
    environment.put("USER", identity.user());
    environment.put("HOME", PathBytes.bytes(identity.home()));
    return environment;
  }

  /** The caller's descriptors but the one with the login. */
  private record WithoutLogin(ProgramContext context) implements Descriptors {
    @Override
    public Optional<InputStream> input(int descriptor) {
      return descriptor == CLOSED ? Optional.empty() : context.input(descriptor);
    }

    @Override
    public Optional<OutputStream> output(int descriptor) {
      return descriptor == CLOSED ? Optional.empty() : context.output(descriptor);
    }

    @Override
    public void rewind() throws IOException {
      context.rewind();
    }
  }
}
