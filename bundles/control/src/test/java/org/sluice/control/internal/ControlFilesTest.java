package org.sluice.control.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.control.cdb.CdbWriter;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ControlFilesTest {
  @TempDir Path home;
  private final AtomicLong clock = new AtomicLong();
  private ControlFiles control;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectory(home.resolve("control"));
    control = new ControlFiles(home, clock::get);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(home.resolve("control").resolve(name), text, StandardCharsets.ISO_8859_1);
  }

  @Test
  void lineFileKeepsLeadingBlanksAndCarriageReturns() throws IOException {
    write("me", "  a.example \t\nfoo\n");
    assertEquals(Optional.of("  a.example"), control.line("me"));
    write("greeting", "x\r\n");
    assertEquals(Optional.of("x\r"), control.line("greeting"));
    write("empty", "");
    assertEquals(Optional.of(""), control.line("empty"));
    assertEquals(Optional.empty(), control.line("absent"));
  }

  @Test
  void lineOrMeFallsBackToItsOwnName() throws IOException {
    assertEquals("bouncehost", control.lineOrMe("bouncehost"));
    clock.addAndGet(10_000_001L);
    write("me", "a.example\n");
    assertEquals("a.example", control.lineOrMe("bouncehost"));
  }

  @Test
  void numberFileTakesLeadingDigits() throws IOException {
    write("n", "12x\n");
    write("none", "x\n");
    assertEquals(12, control.number("n", 5));
    assertEquals(5, control.number("none", 5));
    assertEquals(5, control.number("absent", 5));
  }

  @Test
  void listFileSkipsEmptyLinesAndComments() throws IOException {
    write("l", "a \n\n#b\n #c\nd");
    assertEquals(Optional.of(List.of("a", " #c", "d")), control.list("l"));
    write("e", "");
    assertEquals(Optional.of(List.of()), control.list("e"));
    assertEquals(Optional.empty(), control.list("absent"));
  }

  /** Thousands of domains for thousands of sessions. */
  @Test
  void setIsWithoutCaseAndTheSameForAllWhoAsk() throws IOException {
    write("l", "A.example\n#no\n\n.B.example\na.EXAMPLE\n", 1_000);
    Set<String> set = control.set("l").orElseThrow();
    assertEquals(Set.of("a.example", ".b.example"), set);
    clock.addAndGet(10_000_001L);
    assertSame(set, control.set("l").orElseThrow());
    write("l", "c.example\n", 2_000);
    clock.addAndGet(10_000_001L);
    assertEquals(Optional.of(Set.of("c.example")), control.set("l"));
    assertEquals(Optional.empty(), control.set("absent"));
  }

  @Test
  void mapIsWithoutCaseAndTheLastDuplicateWins() throws IOException {
    write("m", "A.example:joe\nb.example\na.example:x:y\nB\u00c9:\n:z\n");
    assertEquals(Optional.of(Map.of("a.example", "x:y", "b\u00c9", "", "", "z")), control.map("m"));
  }

  @Test
  void changeIsSeenAtOnceButForAMoment() throws IOException {
    write("me", "a\n");
    assertEquals(Optional.of("a"), control.line("me"));
    write("me", "longer\n");
    assertEquals(Optional.of("a"), control.line("me"));
    clock.addAndGet(10_000_001L);
    assertEquals(Optional.of("longer"), control.line("me"));
  }

  @Test
  void changeThatTheFileSystemsClockDoesNotShowIsSeen() throws IOException {
    for (int i = 0; i < 100; i++) {
      write("me", i % 10 + "\n");
      clock.addAndGet(10_000_001L);
      assertEquals(Optional.of(i % 10 + ""), control.line("me"));
    }
  }

  private void database(String key) throws IOException {
    Path made = home.resolve("made");
    try (var writer = new CdbWriter(made)) {
      writer.add(key.getBytes(StandardCharsets.ISO_8859_1), new byte[0]);
      writer.commit();
    }
    Files.move(made, home.resolve("control/x.cdb"), StandardCopyOption.REPLACE_EXISTING);
    clock.addAndGet(10_000_001L);
  }

  @Test
  void anOpenDatabaseStaysAsItWas() throws IOException {
    assertEquals(Optional.empty(), control.database("x.cdb"));
    database("old");
    var old = control.database("x.cdb").orElseThrow();
    database("new");
    var next = control.database("x.cdb").orElseThrow();
    assertEquals(Optional.of(""), next.get("new"));
    assertEquals(Optional.empty(), next.get("old"));
    Files.delete(home.resolve("control/x.cdb"));
    clock.addAndGet(10_000_001L);
    assertEquals(Optional.empty(), control.database("x.cdb"));
    assertEquals(Optional.of(""), old.get("old"));
    assertEquals(Optional.empty(), old.get("new"));
    assertEquals(Optional.of(""), next.get("new"));
  }

  private void write(String name, String text, long time) throws IOException {
    write(name, text);
    Path file = home.resolve("control").resolve(name);
    Files.setLastModifiedTime(file, FileTime.fromMillis(time));
    clock.addAndGet(10_000_001L);
  }

  @Test
  void whatSomebodyIsWritingIsNoChangeYet() throws IOException {
    long now = 1_700_000_000_000L;
    control = new ControlFiles(home, clock::get, () -> now);
    write("locals", "a\nb", now - 1);
    assertEquals(Optional.of(List.of("a", "b")), control.list("locals"), "all there is");
    write("locals", "", now - 1);
    assertEquals(Optional.of(List.of("a", "b")), control.list("locals"), "just emptied");
    write("locals", "c\nlong.ex", now - 1);
    assertEquals(Optional.of(List.of("a", "b")), control.list("locals"), "in the midst of a line");
    write("locals", "c\nlong.example\n", now - 1);
    assertEquals(Optional.of(List.of("c", "long.example")), control.list("locals"));
    write("locals", "d", now - 100);
    assertEquals(Optional.of(List.of("d")), control.list("locals"), "it stays without an end");
    write("locals", "", now - 100);
    assertEquals(Optional.of(List.of()), control.list("locals"), "it stays empty");
  }

  @Test
  void whatIsNoRegularFileIsAnErrorWithItsName() throws Exception {
    Files.createDirectory(home.resolve("control/me"));
    irregular("me");
    write("locals", "a\n");
    assertEquals(Optional.of(List.of("a")), control.list("locals"));
    Path locals = home.resolve("control/locals");
    Files.delete(locals);
    fifo(locals);
    clock.addAndGet(10_000_001L);
    irregular("locals");
    Files.delete(locals);
    write("elsewhere", "b\n");
    Files.createSymbolicLink(locals, Path.of("elsewhere"));
    assertEquals(Optional.of(List.of("b")), control.list("locals"));
    Files.delete(home.resolve("control/elsewhere"));
    fifo(home.resolve("control/elsewhere"));
    clock.addAndGet(10_000_001L);
    irregular("locals");
  }

  private static void fifo(Path path) throws Exception {
    assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
  }

  private void irregular(String name) {
    for (Executable reading :
        List.<Executable>of(() -> control.line(name), () -> control.cdb(name, "x"))) {
      var e = assertThrows(IOException.class, reading);
      assertEquals("control/" + name + ": not a regular file", e.getMessage());
    }
  }
}
