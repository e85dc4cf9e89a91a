package org.sluice.tools.users.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramExit;

/** {@code qmail-pw2u [ -/ohHuUC ] [ -cchar ]}: passwd to users/assign (spec 40 section 5). */
@Component(property = {Program.NAME + "=qmail-pw2u", Program.STANDALONE + ":Boolean=true"})
public final class Pw2uProgram implements Program {
  private final Path home;

  /** In the home directory of these control files. */
  @Activate
  public Pw2uProgram(@Reference Control control) {
    this.home = control.home();
  }

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "qmail-pw2u", () -> convert(context));
  }

  private int convert(ProgramContext context) throws ProgramExit {
    Settings settings = Settings.parse(context.arguments());
    if (!Files.isDirectory(home)) {
      throw ProgramExit.temporary("unable to chdir");
    }
    Tables tables;
    try {
      tables = Tables.read(home.resolve("users"));
    } catch (IOException e) {
      throw Conversion.unreadable();
    }
    var out = new AssignOutput(settings, context.out());
    new Conversion(home, settings, tables, out).run(context.in());
    return ExitCode.OK;
  }
}
