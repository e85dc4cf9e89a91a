package org.sluice.tools.recordio.internal;

import java.io.IOException;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Child;
import org.sluice.base.ProgramExit;
import org.sluice.base.program.RunNumber;

/**
 * {@code recordio program [arg ...]}: writes to descriptor 2 what the program reads and writes
 * (spec 20 section 13.3).
 */
@Component(property = {Program.NAME + "=recordio", Program.STANDALONE + ":Boolean=true"})
public final class RecordioProgram implements Program {
  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "recordio", () -> record(context));
  }

  private static int record(ProgramContext context)
      throws ProgramExit, IOException, InterruptedException {
    List<String> program = context.arguments();
    if (program.isEmpty()) {
      throw ProgramExit.usage("recordio program [ arg ... ]");
    }
    long number = RunNumber.next();
    var from = new Record(context.err(), number, '<');
    var to = new Record(context.err(), number, '>');
    try {
      int status = run(context, program, from, to);
      to.close();
      return status;
    } finally {
      from.leave(); // a thread may still read for a program that has ended
    }
  }

  /** What cannot be run is named first, and then comes the end of its output too. */
  private static int run(ProgramContext context, List<String> program, Record from, Record to)
      throws IOException, InterruptedException {
    try {
      return Child.become(
          context
              .execution(program)
              .input(0, new RecordedInput(context.in(), from))
              .output(1, new RecordedOutput(context.out(), to)),
          program.get(0));
    } catch (ProgramExit e) {
      return e.say(context, "recordio");
    }
  }
}
