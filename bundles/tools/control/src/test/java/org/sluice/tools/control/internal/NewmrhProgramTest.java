package org.sluice.tools.control.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.control.cdb.Cdb;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.RecordedRun;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

class NewmrhProgramTest {
  @TempDir Path directory;

  static List<Named<Map<String, Object>>> runs() {
    List<Named<Map<String, Object>>> runs =
        new ArrayList<>(Vectors.named("listeners", "qmail-newmrh"));
    runs.addAll(Vectors.named("local", "qmail-newmrh"));
    return runs;
  }

  private NewmrhProgram program(Path home) {
    return new NewmrhProgram(new FakeControl(home, Map.of()));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    new RecordedRun(vector, directory).check(program(directory));
  }

  private void text(String text) throws IOException {
    Path control = Files.createDirectories(directory.resolve("control"));
    Files.writeString(control.resolve("morercpthosts"), text, StandardCharsets.ISO_8859_1);
  }

  private void fails(Path home, String words) throws Exception {
    var context = new TestContext(List.of());
    assertEquals(111, program(home).run(context));
    assertEquals("qmail-newmrh: fatal: " + words + "\n", context.stderr());
  }

  @Test
  void linesAsTheyStandAndAPartialOne() throws Exception {
    text(" Leading.example\nCAF\u00c9.example\n #no comment\n \t\n#comment\nlast.example");
    assertEquals(0, program(directory).run(new TestContext(List.of())));
    try (var cdb = Cdb.open(directory.resolve("control/morercpthosts.cdb"))) {
      for (String key :
          List.of(" leading.example", "caf\u00c9.example", " #no comment", "last.example")) {
        assertEquals(0, cdb.get(Vectors.bytes(key)).orElseThrow().length, key);
      }
      assertFalse(cdb.get(Vectors.bytes("#comment")).isPresent());
      assertFalse(cdb.get(Vectors.bytes("")).isPresent());
    }
  }

  @Test
  void failures() throws Exception {
    Path absent = directory.resolve("absent");
    fails(absent, "unable to chdir to " + absent + ": file does not exist");
    text("a\n");
    Path control = directory.resolve("control");
    Files.createDirectory(control.resolve("morercpthosts.tmp"));
    fails(directory, "unable to write to control/morercpthosts.tmp: is a directory");
    Files.delete(control.resolve("morercpthosts.tmp"));
    Files.createDirectories(control.resolve("morercpthosts.cdb/x"));
    fails(
        directory,
        "unable to move control/morercpthosts.tmp to control/morercpthosts.cdbis a directory");
    Files.delete(control.resolve("morercpthosts"));
    Files.createDirectory(control.resolve("morercpthosts"));
    fails(directory, "unable to read control/morercpthosts: is a directory");
  }
}
