package org.sluice.admin.shell.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.sluice.api.program.ProgramHost;

/** One program as a command: words as arguments, the console's streams as descriptors. */
record ProgramCommand(String name, ProgramHost host, Path home) implements Function {
  /** The exit status; nothing if it is 0, since consoles print what commands return. */
  @Override
  public Object execute(CommandSession session, List<Object> arguments)
      throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of(name));
    arguments.forEach(argument -> argv.add(String.valueOf(argument)));
    int status =
        host.execution(argv)
            .environment(Map.of("SLUICE_HOME", home.toString()))
            .directory(home)
            .input(0, session.getKeyboard())
            .output(1, session.getConsole())
            .output(2, session.getConsole())
            .run();
    session.getConsole().flush();
    return status == 0 ? null : (Object) status;
  }
}
