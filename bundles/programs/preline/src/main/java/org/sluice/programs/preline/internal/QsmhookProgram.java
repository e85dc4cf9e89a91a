package org.sluice.programs.preline.internal;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.base.Ascii;
import org.sluice.base.Child;
import org.sluice.base.ChildEnd;
import org.sluice.base.Options;
import org.sluice.base.ProgramExit;
import org.sluice.base.SystemError;

/** {@code qsmhook [ -DFlMmnPs ] [ -x prefix ] cmd [ arg ... ]} (spec 40 section 15). */
@Component(property = {Program.NAME + "=qsmhook", Program.STANDALONE + ":Boolean=true"})
public final class QsmhookProgram implements Program {
  private static final List<String> NEEDED =
      List.of("DTLINE", "RPLINE", "UFLINE", "LOCAL", "HOST", "SENDER");

  @Override
  public int run(ProgramContext context) throws IOException, InterruptedException {
    return ProgramExit.guard(context, "qsmhook", () -> feed(context));
  }

  private static int feed(ProgramContext context) throws ProgramExit, InterruptedException {
    Map<String, String> environment = context.environment();
    if (!environment.keySet().containsAll(NEEDED)) {
      throw ProgramExit.permanent("incorrect usage");
    }
    Options options = Options.parse("DFlMmnPsx:", context.arguments());
    if (options.operands().isEmpty()) {
      throw ProgramExit.permanent("incorrect usage");
    }
    String local = environment.get("LOCAL");
    String lines = environment.get("UFLINE");
    String returnPath = "";
    String deliveredTo = "";
    for (Options.Option option : options.options()) {
      switch (option.letter()) {
        case 'n' -> lines = "";
        case 'P' -> returnPath = environment.get("RPLINE");
        case 'l' -> deliveredTo = environment.get("DTLINE");
        case 'x' -> local = without(option.value(), environment.get("LOCAL"));
        default -> {}
      }
    }
    String box = local;
    List<String> command =
        options.operands().stream().map(a -> expand(a, environment, box)).toList();
    return run(context, command, lines + returnPath + deliveredTo);
  }

  private static String without(String prefix, String local) {
    return Ascii.startsWith(local, prefix) ? local.substring(prefix.length()) : local;
  }

  private static String expand(String argument, Map<String, String> environment, String local) {
    var out = new StringBuilder();
    for (int i = 0; i < argument.length(); i++) {
      if (argument.charAt(i) != '%') {
        out.append(argument.charAt(i));
      } else if (++i < argument.length()) {
        switch (argument.charAt(i)) {
          case '%' -> out.append('%');
          case 'g' -> out.append(environment.get("SENDER"));
          case 'h' -> out.append(environment.get("HOST"));
          case 'u' -> out.append(local);
          default -> {}
        }
      }
    }
    return out.toString();
  }

  private static int run(ProgramContext context, List<String> command, String lines)
      throws ProgramExit, InterruptedException {
    ChildEnd end = Child.feed(context, command, lines);
    if (end instanceof ChildEnd.Exited exited) {
      return exited.status();
    }
    if (end instanceof ChildEnd.Unreadable) {
      throw ProgramExit.temporary("unable to read message");
    }
    if (end instanceof ChildEnd.NotStarted failed && !SystemError.temporary(failed.cause())) {
      throw ProgramExit.permanent("command not found");
    }
    throw ProgramExit.temporary("temporary problem");
  }
}
