package org.sluice.base.program;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;

/**
 * What the server itself runs because a variable of qmail-start's environment names it, QMAILQUEUE
 * for example: with that environment, the server's rights and nothing open. Programs of ours are
 * started like any other, by their files in the distribution's bin. Thread-safe.
 */
public final class GivenPrograms {
  private static final ProgramSource STRANGERS =
      new ProgramSource() {
        @Override
        public OptionalInt run(String name, ProgramContext context) {
          return OptionalInt.empty();
        }

        @Override
        public MailQueue queue(ProgramContext context) {
          throw new IllegalStateException("nothing runs in process here");
        }
      };

  private final Map<String, String> named;
  private final Map<String, String> environment;
  private final Supplier<Path> directory;

  /**
   * Of an environment.
   *
   * @param directory the working directory of the programs, asked at each run
   */
  public GivenPrograms(Map<String, String> environment, Supplier<Path> directory) {
    this.named = Map.copyOf(environment);
    this.environment = SearchPath.of(System.getProperty("sluice.dist")).in(named);
    this.directory = directory;
  }

  /** The program that a variable names, by a path or to be looked for in PATH. */
  public Optional<String> named(String variable) {
    return Optional.ofNullable(named.get(variable));
  }

  /** One run; what is not opened is /dev/null. */
  public Execution execution(List<String> argv) {
    return new Run(
        STRANGERS, argv, environment, directory.get(), Descriptors.NONE, Optional.empty());
  }
}
