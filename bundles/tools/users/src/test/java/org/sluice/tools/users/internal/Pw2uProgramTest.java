package org.sluice.tools.users.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.RecordedRun;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

class Pw2uProgramTest {
  private static final String ALIAS = "alias:x:9:9::/a:\n";
  private static final String ALIAS_LINES =
      "+:alias:9:9:/a:-::\n=alias:alias:9:9:/a:::\n+alias-:alias:9:9:/a:-::\n";

  @TempDir Path directory;

  static List<Named<Map<String, Object>>> runs() {
    return Vectors.named("local", "qmail-pw2u");
  }

  private Pw2uProgram program() {
    return new Pw2uProgram(new FakeControl(directory, Map.of()));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    new RecordedRun(vector, directory).check(program());
  }

  private void users(String name, String text) throws IOException {
    Files.createDirectories(directory.resolve("users"));
    Files.writeString(directory.resolve("users").resolve(name), text);
  }

  private String convert(String options, String passwd) throws Exception {
    var context = new TestContext(List.of(options.split(" "))).stdin(passwd);
    assertEquals(0, program().run(context), context.stderr());
    return context.stdout();
  }

  private void fails(String options, String passwd, String words) throws Exception {
    var context = new TestContext(List.of(options.split(" "))).stdin(passwd);
    assertEquals(111, program().run(context));
    assertEquals("qmail-pw2u: fatal: " + words + "\n", context.stderr());
  }

  @ParameterizedTest
  @CsvSource({
    "'joe:x:0:1::/h:'",
    "'joe:x::1::/h:'",
    "'joe:x:abc:1::/h:'",
    "'joe:x:1:1::/h'",
    "'Joe:x:1:1::/h:'",
    "'jo^e:x:1:1::/h:'",
    "''"
  })
  void skips(String line) throws Exception {
    assertEquals(ALIAS_LINES + ".\n", convert("-H", ALIAS + line.replace('^', '\0') + "\n"));
  }

  @Test
  void copiesNumbersAsTheyStandAndTakesAPartialLine() throws Exception {
    assertEquals(
        "=joe:joe:12abc:7 :/h:::\n+joe.:joe:12abc:7 :/h:-::\n"
            + ALIAS_LINES.replace("+alias-", "+alias.")
            + ".\n",
        convert("-H -c.x operand", "joe:x:12abc:7 :g:/h:sh\n" + ALIAS.strip()));
  }

  @ParameterizedTest
  @CsvSource({"-HC", "-H -c x -C", "-C -H"})
  void noSeparator(String options) throws Exception {
    assertEquals("+:alias:9:9:/a:-::\n=alias:alias:9:9:/a:::\n.\n", convert(options, ALIAS));
  }

  @Test
  void emptySeparatorAndLaterOptionsWin() throws Exception {
    var context = new TestContext(List.of("-h", "-H", "-u", "-U", "-c", "", "-/"));
    context.stdin(ALIAS + "Joe:x:5:5::/h:\n");
    assertEquals(0, program().run(context));
    assertEquals("+:alias:9:9:/a:-/::\n=alias:alias:9:9:/a:::\n.\n", context.stdout());
  }

  @Test
  void homesMustBeOwned() throws Exception {
    int uid = 424242;
    int own = (Integer) Files.getAttribute(directory, "unix:uid");
    String mine = "me:x:" + (own == 0 ? uid : own) + ":1::" + directory + ":\n";
    if (own == 0) {
      Files.setAttribute(directory, "unix:uid", uid);
    }
    String passwd =
        mine
            + "other:x:7:1::"
            + directory
            + ":\n"
            + "gone:x:7:1::/nonexistent:\n"
            + "none:x:7:1:::\n";
    String alias = mine.replace("me:", "alias:");
    String out = convert("-o -C", passwd + alias);
    assertEquals(3, out.lines().filter(line -> line.contains(directory.toString())).count());
    assertTrue(out.startsWith("=me:me:"), out);
    assertEquals(4, out.lines().count());
    fails("-h", mine + "gone:x:7:1::/nonexistent:\n" + alias, "unable to stat /nonexistent");
    fails("-h", "none:x:7:1:::\n", "unable to stat ");
    Path loop = directory.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    fails("-o", "bad:x:7:1::" + loop + ":\n", "unable to stat " + loop);
  }

  @Test
  void tablesIgnoreCase() throws Exception {
    users("include", "# c\n\nALIAS \t\njoe\nout\n");
    users("exclude", "OUT\n");
    users("mailnames", "JOE:first\njoe::a::b:\nnocolon\nalias:\n");
    assertEquals(
        "+:alias:9:9:/a:-::\n=a:joe:1:1:/h:::\n=b:joe:1:1:/h:::\n.\n",
        convert("-HC", ALIAS + "joe:x:1:1::/h:\nout:x:2:2::/o:\nbob:x:3:3::/b:\n"));
  }

  @Test
  void subusers() throws Exception {
    users("subusers", "one:colon\nsales:JOE:s:ignored:\nweb:joe::\nshort:joe:x");
    users("append", "+x-:joe:1:1:/h:-:x-:");
    String passwd = ALIAS + "joe:x:1:1::/h:\njoe:x:2:2::/second:\n";
    String out = convert("-H -/ -c+", passwd);
    assertTrue(
        out.endsWith(
            "=sales:joe:2:2:/second:-/:s:\n+sales+:joe:2:2:/second:-/:s-:\n"
                + "=web:joe:2:2:/second:-/::\n+web+:joe:2:2:/second:-/:-:\n"
                + "+x-:joe:1:1:/h:-:x-:.\n"),
        out);
    users("subusers", "x:Nobody:y\n");
    fails("-H", passwd, "unable to find Nobody user for subuser");
    users("subusers", "x:Nobody\n");
    convert("-H", passwd);
  }

  @Test
  void unreadableTablesAndInput() throws Exception {
    for (String name : List.of("include", "exclude", "mailnames", "subusers", "append")) {
      Path file = Files.createDirectories(directory.resolve("users").resolve(name));
      fails("-H", ALIAS, "unable to read controls");
      Files.delete(file);
    }
    var context = new TestContext(List.of("-H")).unreadable();
    assertEquals(111, program().run(context));
    assertEquals("qmail-pw2u: fatal: unable to read input\n", context.stderr());
    var absent = new Pw2uProgram(new FakeControl(directory.resolve("absent"), Map.of()));
    context = new TestContext(List.of("-H"));
    assertEquals(111, absent.run(context));
    assertEquals("qmail-pw2u: fatal: unable to chdir\n", context.stderr());
  }

  @Test
  void fullDisk() throws Exception {
    var context =
        new TestContext(List.of("-H"))
            .stdin(ALIAS)
            .output(
                1,
                new ByteArrayOutputStream() {
                  @Override
                  public void flush() throws IOException {
                    throw new IOException("No space left on device");
                  }
                });
    assertEquals(111, program().run(context));
    assertEquals("qmail-pw2u: fatal: unable to write output\n", context.stderr());
  }

  @Test
  void whatIsConvertedIsSeenBeforeMoreIsRead() throws Exception {
    var out = new ByteArrayOutputStream();
    var seen = new StringBuilder();
    var passwd =
        new InputStream() {
          private int blocks;

          @Override
          public int read() {
            throw new UnsupportedOperationException();
          }

          @Override
          public int read(byte[] block, int offset, int length) {
            seen.append(out.size() > 0 ? '+' : '-');
            if (blocks++ > 0) {
              return -1;
            }
            byte[] bytes = Vectors.bytes(ALIAS);
            System.arraycopy(bytes, 0, block, offset, bytes.length);
            return bytes.length;
          }
        };
    var settings = Settings.parse(List.of("-H"));
    new Conversion(
            directory,
            settings,
            Tables.read(directory.resolve("users")),
            new AssignOutput(settings, out))
        .run(passwd);
    assertEquals("-+", seen.toString());
  }
}
