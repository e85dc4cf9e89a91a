package org.sluice.inject.internal;

import java.io.IOException;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;

/** {@code predate child [ arg ... ]} (spec 30 section 10.1). */
@Component(property = {Program.NAME + "=predate", Program.STANDALONE + ":Boolean=true"})
public final class PredateProgram implements Program {
  private final Predate predate;

  /** With the system's clock. */
  @Activate
  public PredateProgram() {
    this(InstantSource.system());
  }

  PredateProgram(InstantSource clock) {
    predate = new Predate(clock);
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return predate.run(context, context.arguments());
  }
}
