package org.sluice.tools.cdb.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.program.Program;
import org.sluice.testkit.Installed;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Tool;

/** Side by side with Debian's tinycdb, each reading what the other wrote. */
class DebianCdbTest {
  @TempDir Path home;

  @BeforeEach
  void installed() {
    Installed.program("cdb");
  }

  private Tool.Result ours(Program program, String in, String... arguments) throws Exception {
    var context = new TestContext(List.of(arguments)).stdin(in).in(home);
    return new Tool.Result(program.run(context), context.stdout(), context.stderr());
  }

  private Tool.Result theirs(String in, String... command) throws Exception {
    return Tool.run(home, Map.of(), in, command);
  }

  private String file(String name) throws Exception {
    return Files.readString(home.resolve(name), StandardCharsets.ISO_8859_1);
  }

  /** Few keys, so that some come often; bytes of any kind. */
  private static String text(Random random, int most) {
    var text = new StringBuilder();
    for (int n = random.nextInt(most); n > 0; n--) {
      text.append(random.nextInt(3) == 0 ? (char) random.nextInt(256) : 'k');
    }
    return text.toString();
  }

  private static String records(Random random) {
    var records = new StringBuilder();
    for (int n = random.nextInt(random.nextInt(4) == 0 ? 2_000 : 20); n > 0; n--) {
      String key = text(random, 4);
      String data = text(random, 40);
      records.append('+').append(key.length()).append(',').append(data.length()).append(':');
      records.append(key).append("->").append(data).append('\n');
    }
    return records.append('\n').toString();
  }

  @Test
  void theSameFileAndTheSameDump() throws Exception {
    var random = new Random(5);
    for (int i = 0; i < 40; i++) {
      String records = records(random);
      assertEquals(0, theirs(records, "cdb", "-c", "theirs.cdb").status());
      assertEquals(0, ours(new CdbmakeProgram(), records, "ours.cdb", "tmp").status());
      assertArrayEquals(
          Files.readAllBytes(home.resolve("theirs.cdb")),
          Files.readAllBytes(home.resolve("ours.cdb")),
          records);
      assertEquals(records, ours(new CdbdumpProgram(), file("theirs.cdb")).out());
      assertEquals(records, theirs("", "cdb", "-d", "ours.cdb").out());
    }
  }

  @Test
  void theSameRecordIsFound() throws Exception {
    String records =
        "+3,5:one->Hello\n+3,5:one->World\n+1,1:a->b\n+3,0:one->\n+2,3:\u00e9x->\0\n\n\n\n";
    ours(new CdbmakeProgram(), records, "ours.cdb", "tmp");
    for (String key : List.of("one", "a", "none", "b")) {
      for (int skip = 0; skip < 4; skip++) {
        Tool.Result ours = ours(new CdbgetProgram(), file("ours.cdb"), key, "" + skip);
        Tool.Result theirs = theirs("", "cdb", "-q", "-n", "" + (skip + 1), "ours.cdb", key);
        assertEquals(theirs.status(), ours.status(), key + " " + skip);
        assertEquals(theirs.out(), ours.out(), key + " " + skip);
      }
    }
    // A query in a file of theirs, with the bytes of a key that no command line in ASCII has.
    theirs(records, "cdb", "-c", "theirs.cdb");
    assertEquals("\0\n\n", ours(new CdbgetProgram(), file("theirs.cdb"), "\u00e9x").out());
  }

  @Test
  void theSameTextsAreRefused() throws Exception {
    var random = new Random(6);
    int refused = 0;
    for (int i = 0; i < 150; i++) {
      var records = new StringBuilder("+3,5:one->Hello\n+2,2:\0x->\n\n\n\n");
      int at = random.nextInt(records.length());
      records.replace(
          at, at + 1, List.of("", "+", ",", "1", "0", "\n", "x").get(random.nextInt(7)));
      String text = records.toString();
      int theirs = theirs(text, "cdb", "-c", "theirs.cdb").status();
      int ours = ours(new CdbmakeProgram(), text, "ours.cdb", "tmp").status();
      boolean emptyNumber = text.matches("(?s).*[+,][,:].*"); // 0 for qmail, wrong for tinycdb
      assertEquals(theirs == 0 || emptyNumber && ours == 0 ? 0 : 111, ours, text);
      refused += ours == 0 ? 0 : 1;
    }
    assertTrue(refused > 10 && refused < 150, "refused: " + refused);
  }
}
