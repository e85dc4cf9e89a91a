package org.sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.sluice.api.program.Program;

/** A vector of a program (spec 40 section 21) run again: the state before, and all that it left. */
public final class RecordedRun {
  private final Map<String, Object> vector;
  private final Path root;

  /** The values and forms of the placeholders. */
  public final Template template;

  /** What the program is given; programs that it runs are the operating system's. */
  public final TestContext context;

  /**
   * Makes the files.
   *
   * @param root stands for {@code {home}} and {@code {qmail}}
   */
  public RecordedRun(Map<String, Object> vector, Path root) throws IOException {
    this.vector = vector;
    this.root = root;
    template = new Template().value("home", root).value("qmail", root);
    FilesBefore.make(Vectors.object(vector, "files"), root, template);
    List<String> arguments =
        ((List<?>) vector.get("args")).stream().map(a -> template.fill(a.toString())).toList();
    context = new TestContext(arguments).stdin(template.fill(Vectors.text(vector, "stdin")));
    Vectors.object(vector, "env")
        .forEach((name, value) -> context.with(Map.of(name, template.fill(value.toString()))));
    context.in(root).programs(new SystemPrograms(context));
    context.queue.fail(vector);
  }

  /** Runs the program and asserts that everything is as recorded. */
  public void check(Program program) throws IOException, InterruptedException {
    int status = program.run(context);
    assertAll(
        () -> template.check(Vectors.text(vector, "stderr"), context.stderr(), "stderr"),
        () -> template.check(Vectors.text(vector, "stdout"), context.stdout(), "stdout"),
        () -> assertEquals(((Long) vector.get("exit")).intValue(), status, "exit status"),
        () -> FilesAfter.check(vector, root, template),
        () -> context.queue.check(vector, template));
  }
}
