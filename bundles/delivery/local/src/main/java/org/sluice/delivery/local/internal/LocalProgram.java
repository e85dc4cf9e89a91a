package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Options;
import org.sluice.base.PathBytes;
import org.sluice.base.ProgramExit;
import org.sluice.base.SystemError;

/** qmail-local (spec 40 section 6): delivers descriptor 0 with the agents that are there. */
@Component(property = Program.NAME + "=qmail-local")
public final class LocalProgram implements Program {
  private static final String NAME = "qmail-local";
  private static final ProgramExit USAGE =
      ProgramExit.usage("qmail-local [ -nN ] user homedir local dash ext domain sender aliasempty");
  private static final int ARGUMENTS = 8;
  private final LocalDelivery delivery;

  /** By Declarative Services. */
  @Activate
  public LocalProgram(@Reference Agents agents) {
    this(agents, Clock.systemUTC());
  }

  LocalProgram(Agents agents, Clock clock) {
    this.delivery = new LocalDelivery(agents, clock);
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, NAME, () -> deliver(context));
  }

  private int deliver(ProgramContext context)
      throws ProgramExit, IOException, InterruptedException {
    boolean dry = false;
    Options options;
    try {
      options = Options.parse("nN", context.arguments());
    } catch (ProgramExit e) {
      throw e.and(USAGE);
    }
    for (Options.Option option : options.options()) {
      dry = option.letter() == 'n';
    }
    List<String> operands = options.operands();
    if (operands.size() != ARGUMENTS || !operands.get(1).startsWith("/")) {
      throw USAGE;
    }
    var printer = new Printer(context.out(), context.err());
    try (var spool = new Spool()) {
      var around =
          new LocalDelivery.Surroundings(
              context.environment(), () -> operands.get(7), context.queue(), printer);
      return delivery.deliver(arguments(operands, dry), Mail.of(context, spool), around).status();
    } catch (Refusal e) {
      printer.complain(e.getMessage() + "\n");
      return e.exit().status();
    }
  }

  private static Arguments arguments(List<String> operands, boolean dry) throws Refusal {
    String home = operands.get(1);
    try {
      Path directory =
          PathBytes.find(Path.of("/"), home).orElseThrow(() -> new NoSuchFileException(home));
      // Forwards are queued in the name of the user, who is not told by the arguments.
      Map<String, Object> owner = Files.readAttributes(directory, "unix:uid,gid");
      var user =
          new LocalUser(
              operands.get(0),
              (Integer) owner.get("uid"),
              (Integer) owner.get("gid"),
              directory,
              operands.get(3),
              operands.get(4));
      return new Arguments(user, home, operands.get(2), operands.get(5), operands.get(6), dry);
    } catch (IOException e) {
      throw Home.unreachable(home, SystemError.text(e));
    }
  }
}
