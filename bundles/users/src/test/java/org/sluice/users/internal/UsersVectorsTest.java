package org.sluice.users.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.api.program.Program;
import org.sluice.testkit.FilesBefore;
import org.sluice.testkit.Template;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

/** The recorded runs of qmail-getpw and of the look-up in users/cdb. */
class UsersVectorsTest {
  @TempDir Path directory;
  private Path home;
  private Template template;

  @BeforeEach
  void make() throws Exception {
    home = directory.toRealPath();
    template = new Template().value("home", home);
  }

  static List<Named<Map<String, Object>>> accounts() {
    return Vectors.named("local", "qmail-getpw");
  }

  static List<Named<Map<String, Object>>> assignments() {
    return Vectors.named("local", "users-lookup");
  }

  @Test
  void thereAreAsManyAsWereRecorded() {
    assertEquals(18, accounts().size());
    assertEquals(19, assignments().size());
  }

  @ParameterizedTest
  @MethodSource("accounts")
  void getpw(Map<String, Object> vector) throws Exception {
    Path passwd = directory.resolve("passwd");
    String lines =
        ((List<?>) vector.get("passwd"))
            .stream().map(line -> template.fill(line + "\n")).collect(Collectors.joining());
    Files.writeString(passwd, lines, StandardCharsets.ISO_8859_1);
    run(new GetPwProgram(new GetPw(new PasswdFile(passwd), directory.resolve("qmail"))), vector);
  }

  /** From the text itself. */
  @ParameterizedTest
  @MethodSource("assignments")
  void assign(Map<String, Object> vector) throws Exception {
    run(new LookupProgram(new Directory(home)), vector);
  }

  /** Compiled as qmail-newu does; users/assign is not looked at then. */
  @ParameterizedTest
  @MethodSource("assignments")
  void cdb(Map<String, Object> vector) throws Exception {
    FilesBefore.make(Vectors.object(vector, "files"), home, template);
    Compiled.make(home);
    Files.writeString(home.resolve("users/assign"), "+:wrong:1:1:/:::\n.\n");
    var context = context(vector);
    long status = new LookupProgram(new Directory(home)).run(context);
    check(vector, context, status);
  }

  private void run(Program program, Map<String, Object> vector) throws Exception {
    FilesBefore.make(Vectors.object(vector, "files"), home, template);
    var context = context(vector);
    long status = program.run(context);
    check(vector, context, status);
  }

  private TestContext context(Map<String, Object> vector) {
    return new TestContext(((List<?>) vector.get("args")).stream().map(Object::toString).toList());
  }

  private void check(Map<String, Object> vector, TestContext context, long status) {
    template.check(Vectors.text(vector, "stdout"), context.stdout(), "output");
    template.check(Vectors.text(vector, "stderr"), context.stderr(), "error output");
    assertEquals(vector.get("exit"), status);
  }
}
