package org.sluice.programs.condredirect.internal;

import java.io.IOException;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Child;
import org.sluice.base.ProgramExit;
import org.sluice.base.Resubmission;

/** {@code condredirect newaddress program [ arg ... ]} (spec 40 section 12.3). */
@Component(property = Program.NAME + "=condredirect")
public final class CondredirectProgram implements Program {
  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "condredirect", () -> redirect(context));
  }

  private static int redirect(ProgramContext context) throws ProgramExit, InterruptedException {
    List<String> arguments = context.arguments();
    if (arguments.size() < 2) {
      throw ProgramExit.usage("condredirect newaddress program [ arg ... ]");
    }
    if (!Child.agrees(context, arguments.subList(1, arguments.size()))) {
      return ExitCode.OK;
    }
    try {
      context.rewind();
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to rewind", e);
    }
    long process = Resubmission.submit(context, "SENDER", arguments.subList(0, 1));
    throw new ProgramExit(ExitCode.STOP, List.of("qp " + process));
  }
}
