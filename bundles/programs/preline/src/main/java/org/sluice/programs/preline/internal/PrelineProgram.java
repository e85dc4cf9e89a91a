package org.sluice.programs.preline.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Child;
import org.sluice.base.ChildEnd;
import org.sluice.base.Options;
import org.sluice.base.ProgramExit;
import org.sluice.base.SystemError;

/** {@code preline [ -frdFRD ] cmd [ arg ... ]} (spec 40 section 12.5). */
@Component(property = {Program.NAME + "=preline", Program.STANDALONE + ":Boolean=true"})
public final class PrelineProgram implements Program {
  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "preline", () -> feed(context));
  }

  private static int feed(ProgramContext context) throws ProgramExit, InterruptedException {
    Map<String, String> environment = context.environment();
    if (!environment.keySet().containsAll(List.of("UFLINE", "RPLINE", "DTLINE"))) {
      throw usage();
    }
    Options options;
    try {
      options = Options.parse("frdFRD", context.arguments());
    } catch (ProgramExit e) {
      throw e.and(usage());
    }
    if (options.operands().isEmpty()) {
      throw usage();
    }
    String lines =
        line(options, 'f', environment.get("UFLINE"))
            + line(options, 'r', environment.get("RPLINE"))
            + line(options, 'd', environment.get("DTLINE"));
    return run(context, options.operands(), lines);
  }

  /** The small letter drops the line, the capital brings it back. */
  private static String line(Options options, char letter, String line) {
    boolean dropped = false;
    for (Options.Option option : options.options()) {
      if (Character.toLowerCase(option.letter()) == letter) {
        dropped = option.letter() == letter;
      }
    }
    return dropped ? "" : line;
  }

  private static int run(ProgramContext context, List<String> command, String lines)
      throws ProgramExit, InterruptedException {
    ChildEnd end = Child.feed(context, command, lines);
    if (end instanceof ChildEnd.Exited exited) {
      return exited.status();
    }
    if (end instanceof ChildEnd.Unreadable unreadable) {
      throw ProgramExit.temporary("unable to copy input", unreadable.cause());
    }
    if (end instanceof ChildEnd.NotStarted failed) {
      String text = "unable to run " + command.get(0) + ": " + Child.why(failed.cause());
      throw SystemError.temporary(failed.cause())
          ? ProgramExit.temporary(text)
          : ProgramExit.permanent(text);
    }
    throw ProgramExit.temporary("child crashed");
  }

  private static ProgramExit usage() {
    return ProgramExit.usage("preline cmd [ arg ... ]");
  }
}
