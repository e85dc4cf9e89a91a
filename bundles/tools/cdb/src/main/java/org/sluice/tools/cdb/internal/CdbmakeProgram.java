package org.sluice.tools.cdb.internal;

import java.io.IOException;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.PathBytes;
import org.sluice.base.ProgramExit;
import org.sluice.control.cdb.CdbWriter;

/** {@code cdbmake cdb tmp}: a database of the records on descriptor 0. */
@Component(property = {Program.NAME + "=cdbmake", Program.STANDALONE + ":Boolean=true"})
public final class CdbmakeProgram implements Program {
  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "cdbmake", () -> make(context));
  }

  private static int make(ProgramContext context) throws ProgramExit {
    if (context.arguments().size() < 2) {
      throw ProgramExit.usage("cdbmake cdb tmp");
    }
    String target = context.arguments().get(0);
    String temporary = context.arguments().get(1);
    try (var writer = create(context, target, temporary)) {
      var records = new RecordReader(context.in());
      for (Optional<RecordReader.Entry> next = records.next();
          next.isPresent();
          next = records.next()) {
        writer.add(next.get().key(), next.get().data());
      }
      writer.finish();
      rename(writer, temporary, target);
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to write to " + temporary, e);
    }
    return ExitCode.OK;
  }

  private static CdbWriter create(ProgramContext context, String target, String temporary)
      throws ProgramExit {
    try {
      return new CdbWriter(
          PathBytes.resolve(context.directory(), target),
          PathBytes.resolve(context.directory(), temporary));
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to create " + temporary, e);
    }
  }

  private static void rename(CdbWriter writer, String temporary, String target) throws ProgramExit {
    try {
      writer.move();
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to rename " + temporary + " to " + target, e);
    }
  }
}
