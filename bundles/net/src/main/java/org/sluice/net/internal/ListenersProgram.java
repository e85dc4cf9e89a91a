package org.sluice.net.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramExit;

/**
 * {@code listeners}: a line for each listener of the server, with what has become of its
 * connections since it began (spec 20 section 15.14).
 */
@Component(property = Program.NAME + "=listeners")
public final class ListenersProgram implements Program {
  private final List<Counted> listeners = new CopyOnWriteArrayList<>();

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void add(Counted listener) {
    listeners.add(listener);
  }

  void remove(Counted listener) {
    listeners.remove(listener);
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "listeners", () -> print(context));
  }

  private int print(ProgramContext context) throws ProgramExit, IOException {
    if (!context.arguments().isEmpty()) {
      throw ProgramExit.usage("listeners");
    }
    for (String line : listeners.stream().map(Counted::counts).sorted().toList()) {
      context.out().write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }
    return ExitCode.OK;
  }
}
