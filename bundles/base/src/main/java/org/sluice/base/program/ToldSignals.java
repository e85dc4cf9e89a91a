package org.sluice.base.program;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Optional;
import org.sluice.base.Child;

/**
 * awk(1) as the parent of a program, of which Java tells an exit with 128 + n and an end by signal
 * n by the same number, as a shell does. awk's system() adds 256 to a signal, and again 256 if
 * there is a core file. One that does not is not taken: busybox's of old says 0.
 */
final class ToldSignals {
  /** Signals have the numbers above 128 for themselves: an exit with one of them becomes 128. */
  private static final String PROGRAM =
      """
      BEGIN {
        status = system(ARGV[1])
        if (status < 0) exit 120
        if (status > 255) exit 128 + status % 128
        exit status > 128 && status <= 192 ? 128 : status
      }
      """;

  /** The system's, if it does that; tried once in the life of this process. */
  private static final Optional<String> AWK =
      Optional.of(SystemCommand.of("awk")).filter(awk -> tells(awk));

  private ToldSignals() {}

  /** Runs a script of sh(1), by awk where the system has one that tells signals. */
  static List<String> command(String script) {
    return AWK.map(awk -> command(awk, script)).orElse(List.of("/bin/sh", "-c", script));
  }

  /** What it says of a program that was run in process, which no signal ends. */
  static int exit(int status) {
    return Child.crashed(status) ? 128 : status;
  }

  /** Whether this awk tells signals. Uninterruptible, some milliseconds long. */
  static boolean tells(String awk) {
    return status(awk, "kill -9 $$") == 137
        && status(awk, "exit 137") == 128
        && status(awk, "exit 3") == 3;
  }

  private static int status(String awk, String script) {
    var builder = new ProcessBuilder(command(awk, script)).redirectErrorStream(true);
    try {
      return builder.redirectOutput(Redirect.DISCARD).start().onExit().join().exitValue();
    } catch (IOException e) {
      return -1; // not there
    }
  }

  private static List<String> command(String awk, String script) {
    return List.of(awk, PROGRAM, script);
  }
}
