package org.sluice.programs.bouncesaying.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Child;
import org.sluice.base.ProgramExit;

/** {@code bouncesaying error [ program [ arg ... ] ]} (spec 40 section 12.2). */
@Component(property = {Program.NAME + "=bouncesaying", Program.STANDALONE + ":Boolean=true"})
public final class BouncesayingProgram implements Program {
  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "bouncesaying", () -> bounce(context));
  }

  private static int bounce(ProgramContext context)
      throws ProgramExit, IOException, InterruptedException {
    List<String> arguments = context.arguments();
    if (arguments.isEmpty()) {
      throw ProgramExit.usage("bouncesaying error [ program [ arg ... ] ]");
    }
    List<String> program = arguments.subList(1, arguments.size());
    if (!program.isEmpty() && !Child.agrees(context, program)) {
      return ExitCode.OK;
    }
    context.err().write((arguments.get(0) + "\n").getBytes(StandardCharsets.ISO_8859_1));
    return ExitCode.PERMANENT;
  }
}
