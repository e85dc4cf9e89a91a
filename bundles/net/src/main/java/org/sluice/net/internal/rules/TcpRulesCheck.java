package org.sluice.net.internal.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.PathBytes;
import org.sluice.base.ProgramExit;
import org.sluice.control.cdb.Cdb;
import org.sluice.net.internal.Rules;

/** {@code tcprulescheck rules.cdb}: what a listener would do (spec 20 section 4.7). */
@Component(property = {Program.NAME + "=tcprulescheck", Program.STANDALONE + "=true"})
public final class TcpRulesCheck implements Program {
  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "tcprulescheck", () -> check(context));
  }

  private static int check(ProgramContext context) throws ProgramExit, IOException {
    if (context.arguments().isEmpty()) {
      throw ProgramExit.usage("tcprulescheck rules.cdb");
    }
    String file = context.arguments().get(0);
    Map<String, String> client = context.environment();
    Optional<Rules.Match> match;
    try (var rules = Cdb.open(PathBytes.resolve(context.directory(), file))) {
      match =
          Rules.find(
              rules::get,
              client.getOrDefault("TCPREMOTEIP", "0.0.0.0"),
              client.get("TCPREMOTEHOST"),
              client.get("TCPREMOTEINFO"));
    } catch (IOException e) {
      throw ProgramExit.temporary("unable to read " + file, e);
    }
    context.out().write(text(match).getBytes(StandardCharsets.ISO_8859_1));
    context.out().flush();
    return ExitCode.OK;
  }

  private static String text(Optional<Rules.Match> match) {
    if (match.isEmpty()) {
      return "default:\nallow connection\n";
    }
    var text = new StringBuilder("rule ").append(match.get().key()).append(":\n");
    for (String entry : match.get().entries()) {
      if (entry.startsWith("D")) {
        return text.append("deny connection\n").toString();
      }
      if (entry.startsWith("+")) {
        text.append("set environment variable ").append(entry, 1, entry.length()).append('\n');
      }
    }
    return text.append("allow connection\n").toString();
  }
}
