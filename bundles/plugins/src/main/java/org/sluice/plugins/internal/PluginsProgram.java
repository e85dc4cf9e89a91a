package org.sluice.plugins.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    Map<Path, String> strays = new LinkedHashMap<>(plugins.strays());
    for (Plugins.Standing standing : plugins.standing()) {
      String stray = strays.remove(standing.file().path());
      String line = line(standing, stray == null ? standing.file().trouble() : stray, quiet);
      text.append(line).append(line.isEmpty() ? "" : "\n");
    }
    strays.forEach((path, why) -> text.append(path + " " + why + "\n"));
    context.out().write(text.toString().getBytes(StandardCharsets.UTF_8));
    context.out().flush();
    return ExitCode.OK;
  }

  private static String line(Plugins.Standing standing, String wrong, boolean quiet) {
    String what = standing.file().path().toString();
    if (standing.deployment().isEmpty()) {
      return what + " is not in use: it " + (wrong.isEmpty() ? "is being installed" : wrong);
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
