package org.sluice.tools.cdb.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Decimal;
import org.sluice.base.ProgramExit;

/** {@code cdbget key [skip]}: the data of a record of the database on descriptor 0. */
@Component(property = {Program.NAME + "=cdbget", Program.STANDALONE + ":Boolean=true"})
public final class CdbgetProgram implements Program {
  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "cdbget", () -> get(context));
  }

  private static int get(ProgramContext context) throws ProgramExit {
    List<String> arguments = context.arguments();
    if (arguments.isEmpty()) {
      throw ProgramExit.usage("cdbget key [skip]");
    }
    byte[] key = arguments.get(0).getBytes(StandardCharsets.ISO_8859_1);
    long skip = arguments.size() < 2 ? 0 : Decimal.small(arguments.get(1));
    return InputCdb.use(
        context,
        (cdb, out) -> {
          Optional<byte[]> data = cdb.get(key, skip);
          if (data.isEmpty()) {
            return ExitCode.PERMANENT;
          }
          out.write(data.get());
          return ExitCode.OK;
        });
  }
}
