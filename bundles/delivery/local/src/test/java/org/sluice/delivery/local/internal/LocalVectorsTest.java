package org.sluice.delivery.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.testkit.FilesAfter;
import org.sluice.testkit.FilesBefore;
import org.sluice.testkit.Template;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

/** The recorded runs of qmail-local, over the program with all agents. */
class LocalVectorsTest {
  @TempDir Path directory;

  static List<Named<Map<String, Object>>> vectors() {
    return Vectors.named("local", "qmail-local");
  }

  @Test
  void thereAreAsManyAsWereRecorded() {
    assertEquals(160, vectors().size());
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void asRecorded(Map<String, Object> vector) throws Exception {
    Path home = Files.createDirectory(directory.resolve("home"));
    Assumptions.assumeFalse(needsModes(vector) && root(), "run by asRecordedWithoutPrivileges");
    run(vector, home.toRealPath());
  }

  /** Root may read what a mode forbids: all runs once more in a process without privileges. */
  @Test
  void asRecordedWithoutPrivileges() throws Exception {
    Assumptions.assumeTrue(root(), "nothing else to be seen");
    Process process =
        new ProcessBuilder(
                "setpriv",
                "--bounding-set=-all",
                "--inh-caps=-all",
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LocalVectorsTest.class.getName(),
                directory.toRealPath().toString())
            .inheritIO()
            .start();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES), "hangs");
    assertEquals(0, process.exitValue());
  }

  /** All runs, below the directory given. */
  public static void main(String[] arguments) throws Exception {
    int number = 0;
    for (Named<Map<String, Object>> vector : vectors()) {
      run(vector.getPayload(), Files.createDirectory(Path.of(arguments[0], "" + number++)));
    }
  }

  private static void run(Map<String, Object> vector, Path home) throws Exception {
    Template template = new Template().value("home", home);
    FilesBefore.make(Vectors.object(vector, "files"), home, template);
    List<String> arguments =
        ((List<?>) vector.get("args")).stream().map(a -> template.fill(a.toString())).toList();
    var context =
        new TestContext(arguments)
            .stdin(Vectors.text(vector, "stdin"))
            .with(Map.of("PATH", "/usr/bin:/bin"))
            .with(Vectors.object(vector, "env"));
    context.queue.fail(vector);
    long status = new LocalProgram(AllAgents.make()).run(context);
    String name = vector.get("name") + ": ";
    template.check(Vectors.text(vector, "stdout"), context.stdout(), name + "output");
    template.check(Vectors.text(vector, "stderr"), context.stderr(), name + "error output");
    assertEquals(vector.get("exit"), status, name + "status");
    FilesAfter.check(vector, home, template);
    context.queue.check(vector, template);
  }

  /** Whether some file may not be read or written by its owner. */
  private static boolean needsModes(Map<String, Object> vector) {
    return Vectors.object(vector, "files").values().stream()
        .map(f -> ((Map<?, ?>) f).get("mode"))
        .anyMatch(m -> m != null && (Integer.parseInt(m.toString(), 8) & 0600) != 0600);
  }

  private static boolean root() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }
}
