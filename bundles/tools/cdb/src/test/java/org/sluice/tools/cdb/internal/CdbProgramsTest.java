package org.sluice.tools.cdb.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.program.Program;
import org.sluice.testkit.TestContext;

class CdbProgramsTest {
  private static final String TWO =
      "+3,5:one->Hello\n+3,5:one->World\n+0,0:->\n+3,2:a\n\0->\n\n\n\n";

  @TempDir Path home;
  private TestContext context;
  private Path file;

  @BeforeEach
  void place() {
    file = home.resolve("x.cdb");
  }

  private int run(Program program, String in, String... arguments) throws Exception {
    context = new TestContext(List.of(arguments)).stdin(in).in(home);
    return program.run(context);
  }

  private int make(String records) throws Exception {
    return run(new CdbmakeProgram(), records, "x.cdb", "x.tmp");
  }

  private String made() throws Exception {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  @Test
  void makesTheFileOfTheSpecification() throws Exception {
    assertEquals(0, make("+3,5:one->Hello\n+3,7:two->Goodbye\n\n"));
    byte[] made = Files.readAllBytes(file);
    assertEquals(2114, made.length);
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(made));
    assertEquals("7cc6c39b46102a1a10ca542ec9e87aa3", digest);
    assertEquals("", context.stderr());
  }

  @Test
  void whatFollowsTheEmptyLineIsIgnored() throws Exception {
    assertEquals(0, make("+3,5:one->Hello\n\n"));
    byte[] plain = Files.readAllBytes(file);
    assertEquals(0, make("+3,5:one->Hello\n\njunk"));
    assertArrayEquals(plain, Files.readAllBytes(file));
  }

  @Test
  void dumpsWhatItWasMadeOf() throws Exception {
    for (String records : List.of(TWO, "\n", "+3,2:a\n\0->\n\n\n\n")) {
      assertEquals(0, make(records));
      assertEquals(0, run(new CdbdumpProgram(), made()));
      assertEquals(records, context.stdout());
    }
    assertEquals(0, make("+,:->\n\n"));
    assertEquals(0, run(new CdbdumpProgram(), made()));
    assertEquals("+0,0:->\n\n", context.stdout());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "+3,5:one->Hello\n",
        "+3,5:one->Hello",
        "3,5:one->Hello\n\n",
        "+35:one->Hello\n\n",
        "+3,5one->Hello\n\n",
        "+3,5:one-Hello\n\n",
        "+3,5:one>>Hello\n\n",
        "+3,5:one->Hello\n\r\n",
        "+3,5:one->Hello!\n\n",
        "+3,6:one->Hello\n\n",
        "+-3,5:one->Hello\n\n",
        "+3,5 :one->Hello\n\n",
        "+3,2000000000:one->Hello\n\n"
      })
  void anythingElseIsRefused(String records) throws Exception {
    Files.writeString(file, "as it was");
    assertEquals(111, make(records));
    assertEquals("cdbmake: fatal: unable to read input: bad format\n", context.stderr());
    assertEquals("as it was", Files.readString(file));
  }

  @Test
  void lengthsBeyondAnyArrayAreRefused() throws Exception {
    assertEquals(111, make("+3,18446744073709551619:one->Hel\n\n"));
    assertEquals(
        "cdbmake: fatal: unable to read input: a key or its data is too long\n", context.stderr());
  }

  @Test
  void getsEachRecordOfAKey() throws Exception {
    make(TWO);
    String database = made();
    assertEquals(0, run(new CdbgetProgram(), database, "one"));
    assertEquals("Hello", context.stdout());
    assertEquals(0, run(new CdbgetProgram(), database, "one", "0"));
    assertEquals("Hello", context.stdout());
    assertEquals(0, run(new CdbgetProgram(), database, "one", "1"));
    assertEquals("World", context.stdout());
    assertEquals(100, run(new CdbgetProgram(), database, "one", "2"));
    assertEquals("", context.stdout() + context.stderr());
    assertEquals(100, run(new CdbgetProgram(), database, "two"));
    assertEquals(0, run(new CdbgetProgram(), database, ""));
    assertEquals("", context.stdout());
  }

  @Test
  void aBrokenDatabaseIsToldFromAMissingRecord() throws Exception {
    make(TWO);
    String database = made();
    for (String broken : List.of("", database.substring(0, 2047), database.substring(0, 2060))) {
      assertEquals(111, run(new CdbdumpProgram(), broken));
      assertEquals(
          "cdbdump: fatal: unable to read input: protocol error\n", context.stderr(), broken);
    }
    String end = "\377\377\377\377";
    assertEquals(111, run(new CdbdumpProgram(), end + database.substring(4)));
    assertEquals(111, run(new CdbdumpProgram(), "\0\0\0\0" + database.substring(4)));
    assertEquals(111, run(new CdbgetProgram(), "", "one"));
    assertEquals("cdbget: fatal: unable to read input: protocol error\n", context.stderr());
  }

  @Test
  void troubleIsNamed() throws Exception {
    assertEquals(100, run(new CdbmakeProgram(), "\n", "x.cdb"));
    assertEquals("cdbmake: usage: cdbmake cdb tmp\n", context.stderr());
    assertEquals(111, run(new CdbmakeProgram(), "\n", "x.cdb", "none/x"));
    assertEquals(
        "cdbmake: fatal: unable to create none/x: file does not exist\n", context.stderr());
    Files.createDirectories(home.resolve("d/e"));
    assertEquals(111, run(new CdbmakeProgram(), "\n", "d", "x.tmp"));
    assertEquals("cdbmake: fatal: unable to rename x.tmp to d: is a directory\n", context.stderr());
    assertEquals(100, run(new CdbgetProgram(), ""));
    assertEquals("cdbget: usage: cdbget key [skip]\n", context.stderr());
    var unreadable = new TestContext(List.of("x.cdb", "x.tmp")).unreadable().in(home);
    assertEquals(111, new CdbmakeProgram().run(unreadable));
    assertEquals("cdbmake: fatal: unable to read input: input/output error\n", unreadable.stderr());
    unreadable = new TestContext(List.of("x")).unreadable();
    assertEquals(111, new CdbgetProgram().run(unreadable));
    assertEquals("cdbget: fatal: unable to read input: input/output error\n", unreadable.stderr());
  }
}
