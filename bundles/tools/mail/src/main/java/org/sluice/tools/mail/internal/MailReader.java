package org.sluice.tools.mail.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Child;
import org.sluice.base.ProgramExit;

/** A mail reader for mboxes, run after maildir2mbox (spec 40 section 16.4). */
final class MailReader {
  private MailReader() {}

  /**
   * Runs both; the reader only if the first succeeds.
   *
   * @param wrapper the program's own name
   * @param reader what gets the arguments
   */
  static int run(ProgramContext context, String wrapper, String reader)
      throws IOException, InterruptedException {
    return ProgramExit.guard(
        context,
        wrapper,
        () -> {
          int status = run(context, List.of("maildir2mbox"));
          if (status != ExitCode.OK) {
            return status;
          }
          List<String> command = new ArrayList<>(List.of(reader));
          command.addAll(context.arguments());
          return run(context, command);
        });
  }

  private static int run(ProgramContext context, List<String> command)
      throws ProgramExit, InterruptedException {
    try {
      return context.exec(command);
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to run " + command.get(0) + ": " + Child.why(e));
    }
  }
}
