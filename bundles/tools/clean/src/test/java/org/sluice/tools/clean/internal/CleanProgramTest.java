package org.sluice.tools.clean.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.TestContext;

/** Spec 10 section 11. */
class CleanProgramTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

  @TempDir Path home;
  private Path queue;

  @BeforeEach
  void make() throws IOException {
    queue = home.resolve("queue");
    for (int i = 0; i < 23; i++) {
      Files.createDirectories(queue.resolve("mess/" + i));
    }
    for (String name : List.of("intd", "todo", "pid")) {
      Files.createDirectory(queue.resolve(name));
    }
  }

  private void files(String... names) throws IOException {
    for (String name : names) {
      Files.writeString(queue.resolve(name), "x");
    }
  }

  /** All files. */
  private Set<String> left() throws IOException {
    try (var all = Files.walk(queue)) {
      return all.filter(f -> !Files.isDirectory(f))
          .map(f -> queue.relativize(f).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private int run(TestContext context) {
    return new CleanProgram(new FakeControl(home, Map.of()), () -> NOW).run(context);
  }

  private String answers(String commands) {
    var context = new TestContext(List.of()).stdin(commands);
    assertEquals(0, run(context));
    assertEquals("", context.stderr());
    return context.stdout();
  }

  @Test
  void whatIsRemoved() throws Exception {
    files("intd/23", "mess/0/23", "todo/23", "intd/24", "todo/24", "mess/1/24", "mess/2/25");
    assertEquals("+", answers("foop/23\0"));
    assertEquals(Set.of("todo/23", "intd/24", "todo/24", "mess/1/24", "mess/2/25"), left());
    assertEquals("+", answers("todo/24\0"));
    assertEquals(Set.of("todo/23", "mess/1/24", "mess/2/25"), left());
    assertEquals("+", answers("foop/25\0"));
    assertEquals(Set.of("todo/23", "mess/1/24"), left());
    assertEquals("++", answers("todo/99999\0foop/99999\0"));
    assertEquals(Set.of("todo/23", "mess/1/24"), left());
  }

  @ParameterizedTest
  @CsvSource({
    "foop/1a2,x+",
    "todo/1x,x+",
    "foop/abc,xxxx",
    "foop/,x",
    "abc,x",
    "todo7,x",
    "foox/9,x",
    "FOOP/9,x",
    "todoX7,+",
    "'',x",
    "foop/-1,xx"
  })
  void badCommands(String command, String answer) {
    assertEquals(answer, answers(command + "\0"));
  }

  @Test
  void theNumberIsWhatItBeginsWith() throws Exception {
    files("mess/1/1", "mess/12/12", "todo/7", "todo/X7", "mess/2/25");
    assertEquals("x+", answers("foop/1a2\0"));
    assertEquals("+", answers("todoX7\0"));
    assertEquals("+", answers("foop/" + "0".repeat(40) + "25\0"));
    assertEquals(Set.of("mess/12/12", "todo/X7"), left());
  }

  @Test
  void lengths() throws Exception {
    files("mess/2/25");
    assertEquals("xx", answers("todo/\0\0"));
    assertEquals("x", answers("foop/" + "1".repeat(96) + "\0"));
    assertEquals("x", answers("foop/" + "1".repeat(95) + "\0"));
    assertEquals("+", answers("foop/" + "1".repeat(94) + "\0"));
    assertEquals("x+", answers("foop/" + "1".repeat(100_000) + "\0foop/25\0"));
    assertEquals(Set.of(), left());
    // 2^64 + 25 is 25, as to scan_ulong.
    files("mess/2/25");
    assertEquals("+", answers("foop/18446744073709551641\0"));
    assertEquals(Set.of(), left());
    // Above 2^63 the number has no sign: 2^64 - 1 is 5 modulo 23.
    files("mess/5/18446744073709551615");
    assertEquals("+", answers("foop/18446744073709551615\0"));
    assertEquals(Set.of(), left());
  }

  @Test
  void theEndWithinACommand() throws Exception {
    files("mess/1/1");
    assertEquals("", answers("foop/1"));
    assertEquals(Set.of("mess/1/1"), left());
    var unreadable = new TestContext(List.of()).unreadable();
    assertEquals(0, run(unreadable));
  }

  @Test
  void whatCannotBeRemoved() throws Exception {
    Files.createDirectory(queue.resolve("mess/0/23"));
    Files.createDirectory(queue.resolve("intd/24"));
    files("intd/23", "todo/24", "mess/2/25");
    assertEquals("!!+", answers("foop/23\0todo/24\0foop/25\0"));
    assertTrue(Files.isDirectory(queue.resolve("mess/0/23")), "no rmdir(2)");
    assertEquals(Set.of("todo/24"), left(), "the second file is not tried");
    Files.delete(queue.resolve("todo/24"));
    Files.delete(queue.resolve("todo"));
    assertEquals("+", answers("todo/9\0"), "no directory, no file");
    files("todo");
    assertEquals("!", answers("todo/9\0"), "not a directory");
  }

  @Test
  void nobodyListens() throws Exception {
    files("mess/1/1", "mess/2/2");
    var context =
        new TestContext(List.of())
            .stdin("foop/1\0foop/2\0")
            .output(
                1,
                new java.io.ByteArrayOutputStream() {
                  @Override
                  public void flush() throws IOException {
                    throw new IOException("Broken pipe");
                  }
                });
    assertEquals(100, run(context));
    assertEquals(Set.of("mess/2/2"), left());
  }

  @Test
  void withoutAQueue() throws Exception {
    home = home.resolve("elsewhere");
    var context = new TestContext(List.of()).stdin("foop/1\0");
    assertEquals(111, run(context));
    assertEquals("", context.stdout() + context.stderr());
  }

  private void read(String name, long secondsAgo) throws IOException {
    var time = FileTime.from(NOW.minusSeconds(secondsAgo).plusMillis(500));
    Files.getFileAttributeView(queue.resolve(name), BasicFileAttributeView.class)
        .setTimes(FileTime.from(NOW), time, null);
  }

  @Test
  void pidIsSweptByTheTimeOfTheLastRead() throws Exception {
    files("pid/old", "pid/.old", "pid/exact", "pid/young", "todo/old");
    Files.createDirectory(queue.resolve("pid/directory"));
    read("pid/old", 200_000);
    read("pid/.old", 200_000);
    read("pid/directory", 200_000);
    read("todo/old", 200_000);
    read("pid/exact", 129_600);
    read("pid/young", 129_599);
    assertEquals("", answers(""));
    assertEquals(Set.of("pid/young", "todo/old"), left());
    assertTrue(Files.isDirectory(queue.resolve("pid/directory")));
  }

  /** Before commands 1, 32, 63: what becomes old in between stays until then. */
  @Test
  void everyThirtyFirstCommandSweeps() throws Exception {
    var context = new TestContext(List.of());
    var swept = new TreeSet<Integer>();
    int[] command = {0};
    context
        .stdin("foop/1\0".repeat(70))
        .output(
            1,
            new java.io.ByteArrayOutputStream() {
              @Override
              public void flush() throws IOException {
                command[0]++;
                if (!Files.exists(queue.resolve("pid/old"))) {
                  swept.add(command[0]);
                  files("pid/old");
                  read("pid/old", 200_000);
                }
              }
            });
    assertEquals(0, run(context));
    assertEquals("+".repeat(70), context.stdout());
    assertEquals(Set.of(1, 32, 63), swept);
  }
}
