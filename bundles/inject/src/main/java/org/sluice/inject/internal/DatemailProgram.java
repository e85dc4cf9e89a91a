package org.sluice.inject.internal;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;

/**
 * {@code datemail}: sendmail with its arguments, and a Date in the caller's time zone (spec 30
 * section 10.2).
 */
@Component(property = {Program.NAME + "=datemail", Program.STANDALONE + ":Boolean=true"})
public final class DatemailProgram implements Program {
  private final Predate predate;

  /** With the system's clock. */
  @Activate
  public DatemailProgram() {
    this(InstantSource.system());
  }

  DatemailProgram(InstantSource clock) {
    predate = new Predate(clock);
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("sendmail"));
    argv.addAll(context.arguments());
    return predate.run(context, argv);
  }
}
