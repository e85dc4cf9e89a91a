package org.sluice.users.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.delivery.UserLookupException;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramExit;

/** What is assigned to an address (spec 40 section 2.3), for operators: users-lookup LOCAL. */
@Component(property = {Program.NAME + "=users-lookup", Program.STANDALONE + ":Boolean=true"})
public final class LookupProgram implements Program {
  private static final String NAME = "users-lookup";
  private final Directory assignments;

  /** Of the home directory. */
  @Activate
  public LookupProgram(@Reference Control control) {
    this(new Directory(control.home()));
  }

  LookupProgram(Directory assignments) {
    this.assignments = assignments;
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, NAME, () -> print(context));
  }

  private int print(ProgramContext context) throws ProgramExit, IOException {
    if (context.arguments().size() != 1) {
      throw ProgramExit.usage("users-lookup local");
    }
    Optional<Fields> found;
    try {
      found = assignments.find(context.arguments().get(0));
    } catch (UserLookupException e) {
      throw ProgramExit.temporary(e.getMessage());
    }
    String line = found.map(LookupProgram::line).orElse("(getpw)");
    context.out().write(line.getBytes(StandardCharsets.ISO_8859_1));
    context.out().flush();
    return ExitCode.OK;
  }

  private static String line(Fields f) {
    return String.join(
        "|", f.user(), Long.toString(f.uid()), Long.toString(f.gid()), f.home(), f.dash(), f.ext());
  }
}
