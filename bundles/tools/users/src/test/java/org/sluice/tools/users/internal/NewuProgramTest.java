package org.sluice.tools.users.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.control.cdb.Cdb;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.RecordedRun;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

class NewuProgramTest {
  @TempDir Path directory;

  static List<Named<Map<String, Object>>> runs() {
    return Vectors.named("local", "qmail-newu");
  }

  private NewuProgram program() {
    return new NewuProgram(new FakeControl(directory, Map.of()));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    new RecordedRun(vector, directory).check(program());
  }

  private void assign(String text) throws IOException {
    Files.createDirectories(directory.resolve("users"));
    Files.writeString(directory.resolve("users/assign"), text, StandardCharsets.ISO_8859_1);
  }

  private Optional<String> lookUp(String key) throws IOException {
    try (var cdb = Cdb.open(directory.resolve("users/cdb"))) {
      return cdb.get(Vectors.bytes(key)).map(b -> new String(b, StandardCharsets.ISO_8859_1));
    }
  }

  private void fails(String words) throws Exception {
    var context = new TestContext(List.of());
    assertEquals(111, program().run(context));
    assertEquals("qmail-newu: fatal: " + words + "\n", context.stderr());
  }

  @ParameterizedTest
  @CsvSource({
    "'|.|'",
    "':a:b:c:d:e:f:|.|'",
    "'=a:b:c:d:e:f|.|'",
    "'nocolon|.|'",
    "'=a:b:c:d:e:f:',",
    "''",
    "'=a^:b:c:d:e:f:|.|'"
  })
  void badFormat(String text) throws Exception {
    assign("=ok:a:1:2:/h:::\n" + text.replace('|', '\n').replace('^', '\0'));
    Files.writeString(directory.resolve("users/cdb"), "old");
    fails("bad format in users/assign");
    assertEquals("old", Files.readString(directory.resolve("users/cdb")));
  }

  @Test
  void keysAndWildcards() throws Exception {
    assign(
        "=Caf\u00c9:a:1:2:/h:::\n+X-:b:1:2:/h:-::\n+Y=:c:1:2:/h:-::\n+Z-:d:1:2:/h:-:p:\n"
            + "?other:e:1:2:/h:::\n=caf\u00c9:second:1:2:/h:::\n.");
    assertEquals(0, program().run(new TestContext(List.of())));
    assertEquals(Optional.of("a\0001\0002\0/h\0\0"), lookUp("!caf\u00c9\0"));
    assertEquals(Optional.of("d\0001\0002\0/h\0-\0p"), lookUp("!z-"));
    assertEquals(Optional.of("e\0001\0002\0/h\0\0"), lookUp("!other\0"));
    assertEquals(Optional.of("-="), lookUp(""));
  }

  @Test
  void failures() throws Exception {
    Files.createDirectories(directory.resolve("users/assign"));
    fails("unable to read users/assign");
    Files.delete(directory.resolve("users/assign"));
    assign(".\n");
    Files.delete(directory.resolve("users/cdb.tmp"));
    Files.createDirectory(directory.resolve("users/cdb.tmp"));
    fails("unable to open users/cdb.tmp");
    Files.delete(directory.resolve("users/cdb.tmp"));
    Files.createDirectories(directory.resolve("users/cdb/x"));
    fails("unable to move users/cdb.tmp to users/cdb");
    var context = new TestContext(List.of());
    var absent = new NewuProgram(new FakeControl(directory.resolve("absent"), Map.of()));
    assertEquals(111, absent.run(context));
    assertEquals("qmail-newu: fatal: unable to chdir\n", context.stderr());
  }
}
