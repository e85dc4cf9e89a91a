package org.sluice.queue.internal;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.program.ExternalQueue;
import org.sluice.base.program.ProgramSource;
import org.sluice.base.program.Run;
import org.sluice.base.program.SearchPath;

/**
 * Where bounces and forwards go: into the queue, or to the program that QMAILQUEUE names in the
 * environment of qmail-start (spec 10 sections 2A.1 and 13), with the server's rights. No program
 * takes options of a message, so what must not lose them does not go there. Thread-safe.
 */
final class GivenQueue {
  /** Programs of ours are started like any other, by their files in the distribution's bin. */
  private static final class Strange implements ProgramSource {
    private final MailQueue queue;

    Strange(MailQueue queue) {
      this.queue = queue;
    }

    @Override
    public OptionalInt run(String name, ProgramContext context) {
      return OptionalInt.empty();
    }

    @Override
    public MailQueue queue(ProgramContext context) {
      return queue;
    }
  }

  private final MailQueue queue;
  private final Optional<MailQueue> program;

  /**
   * Into this queue unless the environment names a program.
   *
   * @param home the working directory of the program
   */
  GivenQueue(MailQueue queue, Map<String, String> environment, Supplier<Path> home) {
    this.queue = queue;
    Map<String, String> given =
        SearchPath.of(System.getProperty("sluice.dist")).in(Map.copyOf(environment));
    var source = new Strange(queue);
    this.program =
        Optional.ofNullable(environment.get("QMAILQUEUE"))
            .map(
                name ->
                    new ExternalQueue(
                        name,
                        argv ->
                            new Run(
                                source,
                                argv,
                                given,
                                home.get(),
                                Descriptors.NONE,
                                Optional.empty())));
  }

  /** For a message with these options. */
  MailQueue with(MessageOptions options) {
    return options.requireTls() || options.smtpUtf8() ? queue : program.orElse(queue);
  }
}
