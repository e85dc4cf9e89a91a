package org.sluice.programs.forward.internal;

import java.io.IOException;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramExit;
import org.sluice.base.Resubmission;

/** {@code forward address ...} (spec 40 section 12.1). */
@Component(property = Program.NAME + "=forward")
public final class ForwardProgram implements Program {
  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(
        context,
        "forward",
        () -> {
          long process = Resubmission.submit(context, "NEWSENDER", context.arguments());
          throw new ProgramExit(ExitCode.OK, List.of("qp " + process));
        });
  }
}
