package org.sluice.programs.except.internal;

import java.io.IOException;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Child;
import org.sluice.base.ProgramExit;

/** {@code except program [ arg ... ]}: turns an answer round (spec 40 section 12.4). */
@Component(property = {Program.NAME + "=except", Program.STANDALONE + ":Boolean=true"})
public final class ExceptProgram implements Program {
  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(
        context,
        "except",
        () -> {
          if (context.arguments().isEmpty()) {
            throw ProgramExit.usage("except program [ arg ... ]");
          }
          return Child.agrees(context, context.arguments()) ? ExitCode.PERMANENT : ExitCode.OK;
        });
  }
}
