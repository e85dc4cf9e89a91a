package org.sluice.programs.qlist.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.ProgramExit;

/** {@code qlist2 LIST HOST [ moreinfo ]}: qlist with its usual names (spec 40 section 14.1). */
@Component(property = Program.NAME + "=qlist2")
public final class Qlist2Program implements Program {
  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "qlist2", () -> qlist(context));
  }

  private static int qlist(ProgramContext context)
      throws ProgramExit, IOException, InterruptedException {
    List<String> arguments = context.arguments();
    String user = context.environment().get("USER");
    if (arguments.size() < 2) {
      throw ProgramExit.usage("qlist2 list host [moreinfo]");
    }
    if (user == null) {
      throw ProgramExit.permanent("USER not set");
    }
    String list = arguments.get(0);
    String local = user + "-" + list;
    String host = "@" + arguments.get(1);
    List<String> argv =
        new ArrayList<>(
            List.of(
                "qlist",
                local + host,
                local + "-request" + host,
                ".qmail-" + list,
                ".qmail-" + list + "-request",
                ".qtemp-" + list,
                local + "-owner"));
    argv.addAll(arguments.subList(2, arguments.size()));
    return context.exec(argv);
  }
}
