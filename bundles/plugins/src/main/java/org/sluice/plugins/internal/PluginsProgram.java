package org.sluice.plugins.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;

/**
 * {@code plugins [-q]}: prints of every jar what has become of it; with -q only of those that do
 * not do what they are there for, and why. Ends with 0, or 100 after wrong arguments.
 */
final class PluginsProgram implements Program {
  private final Plugins plugins;

  PluginsProgram(Plugins plugins) {
    this.plugins = plugins;
  }

  @Override
  public int run(ProgramContext context) throws IOException {
    boolean quiet = context.arguments().equals(List.of("-q"));
    if (!quiet && !context.arguments().isEmpty()) {
      context.err().write("plugins: usage: plugins [ -q ]\n".getBytes(StandardCharsets.UTF_8));
      return ExitCode.PERMANENT;
    }
    var text = new StringBuilder();
    for (Plugins.Standing standing : plugins.standing()) {
      String line = line(standing, quiet);
      text.append(line).append(line.isEmpty() ? "" : "\n");
    }
    context.out().write(text.toString().getBytes(StandardCharsets.UTF_8));
    context.out().flush();
    return ExitCode.OK;
  }

  private static String line(Plugins.Standing standing, boolean quiet) {
    String wrong = standing.file().trouble();
    String what = standing.file().path().toString();
    if (standing.deployment().isEmpty()) {
      return what + " is not in use: it " + wrong;
    }
    Deployment deployment = standing.deployment().get();
    what += " (" + deployment.jar().identity() + ")";
    String inactive = deployment.inactive();
    if (!inactive.isEmpty()) {
      return what + " is not active: " + inactive;
    }
    if (!wrong.isEmpty()) {
      return what + " is in use as it was before: the file " + wrong;
    }
    return quiet ? "" : what + " is in use";
  }
}
