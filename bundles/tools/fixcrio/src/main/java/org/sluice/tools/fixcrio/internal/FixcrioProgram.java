package org.sluice.tools.fixcrio.internal;

import java.io.IOException;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Child;
import org.sluice.base.ProgramExit;

/**
 * {@code fixcrio program [arg ...]}: inserts missing CRs into what the program reads and writes
 * (spec 20 section 13.2).
 */
@Component(property = {Program.NAME + "=fixcrio", Program.STANDALONE + ":Boolean=true"})
public final class FixcrioProgram implements Program {
  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(
        context,
        "fixcrio",
        () -> {
          List<String> program = context.arguments();
          if (program.isEmpty()) {
            throw ProgramExit.usage("fixcrio program [ arg ... ]");
          }
          return Child.become(
              context
                  .execution(program)
                  .input(0, new CrInput(context.in()))
                  .output(1, new CrOutput(context.out())),
              program.get(0));
        });
  }
}
