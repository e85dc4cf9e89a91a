package org.sluice.tools.cdb.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramExit;

/** {@code cdbdump}: the database on descriptor 0 in the text format that cdbmake reads. */
@Component(property = {Program.NAME + "=cdbdump", Program.STANDALONE + ":Boolean=true"})
public final class CdbdumpProgram implements Program {
  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "cdbdump", () -> dump(context));
  }

  private static int dump(ProgramContext context) throws ProgramExit {
    return InputCdb.use(
        context,
        (cdb, out) -> {
          cdb.forEach(
              (key, data) -> {
                say(out, "+" + key.length + "," + data.length + ":");
                out.write(key);
                say(out, "->");
                out.write(data);
                say(out, "\n");
              });
          say(out, "\n");
          return ExitCode.OK;
        });
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }
}
