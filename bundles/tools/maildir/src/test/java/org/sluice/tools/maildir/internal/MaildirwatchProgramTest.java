package org.sluice.tools.maildir.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.TestContext;

/** Spec 40 section 16.3. */
class MaildirwatchProgramTest {
  private static final Instant NOW = Instant.ofEpochSecond(2_000_000_000);
  private static final String CLEAR = "\u001b[;H\u001b[;J";

  @TempDir Path directory;

  @BeforeEach
  void maildir() throws IOException {
    for (String folder : List.of("M/tmp", "M/new", "M/cur")) {
      Files.createDirectories(directory.resolve(folder));
    }
  }

  private Path file(String name, String content, long age) throws IOException {
    Path file = directory.resolve("M").resolve(name);
    Files.writeString(file, content, StandardCharsets.ISO_8859_1);
    var time = FileTime.from(NOW.minusSeconds(age));
    Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(time, time, null);
    return file;
  }

  private TestContext context() {
    return new TestContext(List.of()).in(directory).with(Map.of("MAILDIR", "M"));
  }

  /** Runs for more rounds than this, then interrupts it; what it showed at first. */
  private String rounds(int count) throws Exception {
    var out = new ByteArrayOutputStream();
    var context = context().output(1, out);
    var program = new MaildirwatchProgram(InstantSource.fixed(NOW), Duration.ofMillis(1));
    var pool = Executors.newSingleThreadExecutor();
    try {
      var run = pool.submit(() -> program.run(context));
      while (screens(out).length <= count + 1 && !run.isDone()) {
        Thread.sleep(5);
      }
      if (run.isDone()) {
        throw new AssertionError("it ended with " + run.get() + ": " + context.stderr());
      }
      pool.shutdownNow();
      assertTrue(pool.awaitTermination(60, TimeUnit.SECONDS));
      try {
        throw new AssertionError("it ended with " + run.get());
      } catch (ExecutionException e) {
        assertTrue(e.getCause() instanceof InterruptedException, e::toString);
      }
    } finally {
      pool.shutdownNow();
    }
    return screens(out)[1];
  }

  private static String[] screens(ByteArrayOutputStream out) {
    return out.toString(StandardCharsets.ISO_8859_1)
        .split(java.util.regex.Pattern.quote(CLEAR), -1);
  }

  @Test
  void showsWhatIsNew() throws Exception {
    String full =
        "Return-Path: <x@y.example>\nDelivered-To: joe@h\nFrom: Me <m@e>\nSubject: Hello there\n\n"
            + "Body text one\nsecond line\n";
    file("new/3", full, 30);
    file("new/2", "Subject: s\n", 20);
    file("new/1", "Return-Path: <>\nFrom: \u00e9\n\n" + "z".repeat(300) + "\n", 10);
    assertEquals(
        "FROM <x@y.example> TO <joe@h>\n\u001b[1mFrom: Me <m@e>\u001b[0m\n"
            + "Hello there//Body text one/second line/\n\n"
            + "FROM ? TO <?>\ns/\n\n"
            + "FROM <> TO <?>\n\u001b[1mFrom: /\u001b[0m\n/"
            + "z".repeat(157)
            + "\n\n",
        rounds(1));
  }

  @Test
  void noEscapeSequenceGetsThrough() throws Exception {
    file(
        "new/1",
        "Return-Path: <\u001b[2J\n x>\nDelivered-To: \u009b\nFrom: \u001bc\n d\nSubject: \u0007\n\n\u001b]\n",
        10);
    assertEquals("FROM <?[2J? x> TO <?>\n\u001b[1mFrom: /c/ d\u001b[0m\n////]/\n\n", rounds(1));
  }

  @Test
  void looksAgainAndPassesOverWhatIsNotYetNew() throws Exception {
    file("new/1", "Subject: old\n", 1);
    file("new/2", "Subject: this second\n", 0);
    file("new/3", "Subject: future\n", -5);
    file("new/.4", "Subject: hidden\n", 10);
    file("cur/5", "Subject: seen\n", 10);
    assertEquals("FROM ? TO <?>\nold/\n\n", rounds(3));
  }

  @Test
  void cleansTmp() throws Exception {
    Path stale = file("tmp/stale", "", 129_601);
    Path young = file("tmp/young", "", 129_600);
    Path hidden = file("tmp/.hidden", "", 200_000);
    rounds(1);
    assertFalse(Files.exists(stale));
    assertTrue(Files.exists(young));
    assertTrue(Files.exists(hidden));
  }

  @Test
  void failures() throws Exception {
    var program = new MaildirwatchProgram(InstantSource.fixed(NOW), Duration.ofMillis(1));
    var unset = new TestContext(List.of());
    assertEquals(111, program.run(unset));
    assertEquals("maildirwatch: fatal: MAILDIR not set\n", unset.stderr());

    var absent = context().with(Map.of("MAILDIR", "absent"));
    assertEquals(111, program.run(absent));
    assertEquals(
        "maildirwatch: fatal: unable to chdir to absent: file does not exist\n", absent.stderr());

    Files.createDirectory(directory.resolve("M/new/directory"));
    Files.setLastModifiedTime(
        directory.resolve("M/new/directory"), FileTime.from(NOW.minusSeconds(5)));
    var unreadable = context();
    assertEquals(111, program.run(unreadable));
    assertEquals("maildirwatch: fatal: trouble reading new message\n", unreadable.stderr());

    Files.delete(directory.resolve("M/new/directory"));
    Files.delete(directory.resolve("M/new"));
    var broken = context();
    assertEquals(111, program.run(broken));
    assertEquals(
        "maildirwatch: fatal: unable to scan $MAILDIR/new: file does not exist\n", broken.stderr());
  }
}
