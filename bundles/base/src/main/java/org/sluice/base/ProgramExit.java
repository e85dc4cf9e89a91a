package org.sluice.base;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.stream.Stream;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.ProgramContext;

/** Ends a program at once: its exit status, and the lines that it leaves on descriptor 2. */
public final class ProgramExit extends Exception {
  private static final long serialVersionUID = 1L;

  /** What a program does. */
  @FunctionalInterface
  public interface Body {
    /** The exit status, unless it ends earlier. */
    int run() throws ProgramExit, IOException, InterruptedException;
  }

  private final int status;
  private final transient List<String> lines;
  private final String end;

  /**
   * An end with a status.
   *
   * @param lines what is said, each line without the program's name in front and without LF
   */
  public ProgramExit(int status, List<String> lines) {
    this(status, lines, "\n");
  }

  private ProgramExit(int status, List<String> lines, String end) {
    super(String.join("; ", lines), null, false, false);
    this.status = status;
    this.lines = List.copyOf(lines);
    this.end = end;
  }

  /** {@code fatal: text}, status 100. */
  public static ProgramExit permanent(String text) {
    return new ProgramExit(ExitCode.PERMANENT, List.of("fatal: " + text));
  }

  /** {@code fatal: text}, as it is: without LF, unless the text ends in one. Status 100. */
  public static ProgramExit permanentAsIs(String text) {
    return new ProgramExit(ExitCode.PERMANENT, List.of("fatal: " + text), "");
  }

  /** {@code fatal: text}, status 111. */
  public static ProgramExit temporary(String text) {
    return new ProgramExit(ExitCode.TEMPORARY, List.of("fatal: " + text));
  }

  /** {@code fatal: text: error}, status 111. */
  public static ProgramExit temporary(String text, IOException error) {
    return temporary(text + ": " + SystemError.text(error));
  }

  /** {@code usage: text}, status 100. */
  public static ProgramExit usage(String text) {
    return new ProgramExit(ExitCode.PERMANENT, List.of("usage: " + text));
  }

  /** The exit status. */
  public int status() {
    return status;
  }

  /** The same end, with one more line said. */
  public ProgramExit and(ProgramExit other) {
    return new ProgramExit(status, Stream.concat(lines.stream(), other.lines.stream()).toList());
  }

  /**
   * Runs a program's body; if it ends early, says so. A file name that the JVM cannot express is a
   * temporary failure.
   *
   * @param program what the lines begin with
   */
  public static int guard(ProgramContext context, String program, Body body)
      throws IOException, InterruptedException {
    try {
      return body.run();
    } catch (ProgramExit e) {
      return e.say(context, program);
    } catch (InvalidPathException e) {
      String name = PrintableText.of(e.getInput(), '?');
      return temporary("unable to use the file name " + name + ": " + e.getReason())
          .say(context, program);
    }
  }

  /**
   * Says it; its exit status.
   *
   * @param program what the lines begin with
   */
  public int say(ProgramContext context, String program) throws IOException {
    var text = new StringBuilder();
    for (String line : lines) {
      text.append(program).append(": ").append(line).append(end);
    }
    context.err().write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    context.err().flush();
    return status;
  }
}
