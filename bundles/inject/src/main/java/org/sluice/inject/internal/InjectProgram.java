package org.sluice.inject.internal;

import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramExit;

/**
 * {@code qmail-inject [ -nNaAhH ] [ -fsender ] [ recip ... ]}: completes the header of a message
 * and queues it (spec 30 sections 5 to 8).
 */
@Component(property = {Program.NAME + "=qmail-inject", Program.STANDALONE + ":Boolean=true"})
public final class InjectProgram implements Program {
  private static final String NAME = "qmail-inject";

  /** More than any process id has digits: no number of one process is another's. */
  private static final long PER_PROCESS = 10_000_000;

  private final Control control;
  private final InstantSource clock;
  private final AtomicLong runs = new AtomicLong();

  /** Reads the control files at each run. */
  @Activate
  public InjectProgram(@Reference Control control) {
    this(control, InstantSource.system());
  }

  InjectProgram(Control control, InstantSource clock) {
    this.control = control;
    this.clock = clock;
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    var moment = new Moment(clock.instant(), number());
    try {
      return ProgramExit.guard(context, NAME, () -> new Injection(control, context, moment).run());
    } catch (OutOfMemoryError e) {
      return ProgramExit.temporary("out of memory").say(context, NAME);
    }
  }

  /** The process id for the first, then longer numbers that begin with it. */
  private long number() {
    long process = ProcessHandle.current().pid();
    long run = runs.getAndIncrement();
    return run == 0 ? process : process * PER_PROCESS + run % PER_PROCESS;
  }
}
