package org.sluice.base.program;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.sluice.base.SystemError;

/** For who has a shell start a program: it runs itself what execve(2) knows no format of. */
public final class ExecFormat {
  private static final String ERROR = "exec format error";

  private ExecFormat() {}

  /**
   * Whether a program is found and is neither a binary nor begins with {@code #!}. What else is
   * wrong with it the shell will say. Interrupted while it asks the system, it throws.
   *
   * @param program a path, or a name to be searched in PATH of the environment
   * @param directory the working directory that the program will have
   * @param user whom it will be run as
   */
  public static boolean unknown(
      String program, Map<String, String> environment, Path directory, SystemUser user)
      throws IOException, InterruptedException {
    String path = environment.getOrDefault("PATH", ProgramFile.DEFAULT_PATH);
    Optional<SystemUser> other = user.isOwn() ? Optional.empty() : Optional.of(user);
    try {
      new ProgramFile(path, directory, other, true).find(program);
      return false;
    } catch (FileSystemException e) {
      return SystemError.text(e).equals(ERROR);
    }
  }
}
