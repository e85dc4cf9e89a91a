package org.sluice.queue.internal;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.program.ExternalQueue;
import org.sluice.base.program.GivenPrograms;

/**
 * Where bounces and forwards go: into the queue, or to the program that QMAILQUEUE names in the
 * environment of qmail-start (spec 10 sections 2A.1 and 13), with the server's rights. No program
 * takes options of a message, so what must not lose them does not go there. Thread-safe.
 */
final class GivenQueue {
  private final MailQueue queue;
  private final Optional<MailQueue> program;

  /**
   * Into this queue unless the environment names a program.
   *
   * @param home the working directory of the program
   */
  GivenQueue(MailQueue queue, Map<String, String> environment, Supplier<Path> home) {
    this.queue = queue;
    var programs = new GivenPrograms(environment, home);
    this.program =
        programs.named("QMAILQUEUE").map(name -> new ExternalQueue(name, programs::execution));
  }

  /** For a message with these options. */
  MailQueue with(MessageOptions options) {
    return options.requireTls() || options.smtpUtf8() ? queue : program.orElse(queue);
  }
}
