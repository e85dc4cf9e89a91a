package org.sluice.admin.shell.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;

/** {@code sluice-shell [command]}: the console of the server over a program's descriptors. */
@Component(property = Program.NAME + "=sluice-shell")
public final class ShellProgram implements Program {
  private static final String PROMPT = "sluice> ";

  private final CommandProcessor processor;

  /** Uses the console's interpreter. */
  @Activate
  public ShellProgram(@Reference CommandProcessor processor) {
    this.processor = processor;
  }

  @Override
  public int run(ProgramContext context) throws IOException {
    var out = new PrintStream(context.out(), true, StandardCharsets.UTF_8);
    var err = new PrintStream(context.err(), true, StandardCharsets.UTF_8);
    try (CommandSession session = processor.createSession(context.in(), out, err)) {
      session.put("SCOPE", "sluice:felix:*");
      if (!context.arguments().isEmpty()) {
        String line = String.join(" ", context.arguments());
        return leaves(line) ? left(line, ExitCode.OK) : execute(session, line, out, err);
      }
      var in = new BufferedReader(new InputStreamReader(context.in(), StandardCharsets.UTF_8));
      int status = ExitCode.OK;
      out.print(PROMPT);
      out.flush();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (leaves(line)) {
          return left(line, status);
        }
        status = line.isBlank() ? status : execute(session, line, out, err);
        out.print(PROMPT);
        out.flush();
      }
      out.println();
      return status;
    }
  }

  /** Whether it is {@code exit} or {@code exit STATUS}. */
  private static boolean leaves(String line) {
    return line.strip().matches("exit(\\s+\\d{1,9})?");
  }

  private static int left(String line, int otherwise) {
    String status = line.strip().substring("exit".length()).strip();
    return status.isEmpty() ? otherwise : Integer.parseInt(status) & 0xff;
  }

  /** 0, or 100 after telling what was wrong: commands fail with whatever exception they like. */
  private static int execute(
      CommandSession session, String line, PrintStream out, PrintStream err) {
    try {
      Object result = session.execute(line);
      if (result instanceof Integer status) {
        return status & 0xff;
      }
      if (result != null) {
        out.println(session.format(result, Converter.INSPECT));
      }
      return ExitCode.OK;
    } catch (Exception e) {
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      // What Gogo says of a bundle that is not there.
      boolean bundle = why.startsWith("Cannot coerce") && why.contains("Bundle");
      err.println(why + (bundle ? "; a Bundle is a number or name of those that lb lists" : ""));
      return ExitCode.PERMANENT;
    }
  }
}
