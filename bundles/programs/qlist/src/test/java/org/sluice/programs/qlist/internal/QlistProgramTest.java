package org.sluice.programs.qlist.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.testkit.RecordedRun;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

class QlistProgramTest {
  private static final List<String> ARGUMENTS =
      List.of("l@h", "r@h", ".qmail-l", ".qmail-l-request", ".qtemp-l", "owner", "more", "ignored");

  @TempDir Path directory;
  private final QlistProgram program = new QlistProgram();

  static List<Named<Map<String, Object>>> runs() {
    return Vectors.named("local", "qlist");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    new RecordedRun(vector, directory).check(program);
  }

  private TestContext context(String message) {
    return new TestContext(ARGUMENTS)
        .in(directory)
        .with(Map.of("NEWSENDER", "new@s", "DTLINE", "Delivered-To: r@h\n"))
        .stdin(message);
  }

  private void list(String lines) throws IOException {
    Files.writeString(directory.resolve(".qmail-l"), lines, StandardCharsets.ISO_8859_1);
  }

  private String list() throws IOException {
    return Files.readString(directory.resolve(".qmail-l"), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({
    "'From: z@z|Reply-To: a@b, c@d|',Ta@b",
    "'From: z@z|Reply-To: a@b|Reply-To: Al <e@f>|',Te@f",
    "'From: z@z, y@y|',Tz@z",
    "'Return-Path: <r@p>|Subject: x|',Tnew@s",
    "'From:|',Tnew@s"
  })
  void answersTheRightOne(String header, String recipient) throws Exception {
    list("");
    var context = context(header.replace('|', '\n') + "\nx\n");
    assertEquals(0, program.run(context));
    assertEquals("Fnew@s\0Towner\0" + recipient + "\0\0", context.queue.queued.get(0).envelope());
  }

  @ParameterizedTest
  @CsvSource({
    "'From: <>|','I don''t reply to bounces'",
    "'From: <#@[]>|','I don''t reply to bounces'",
    "'From: \"a| b\"@x|','sorry, I''m not allowed to use that address'",
    "'From: a@b: c|','unable to parse this: From: a@b: c'"
  })
  void refuses(String header, String words) throws Exception {
    list("&x@x\n");
    var context = context(header.replace('|', '\n') + "\nsubscribe\n");
    assertEquals(100, program.run(context));
    assertEquals("qlist: fatal: " + words + "\n", context.stderr());
    assertEquals(List.of(), context.queue.queued);
    assertEquals("&x@x\n", list());
  }

  @Test
  void refusesLongAddresses() throws Exception {
    list("");
    String hundred = "a".repeat(98) + "@b";
    assertEquals(0, program.run(context("From: " + hundred + "\n\n")));
    assertEquals(100, program.run(context("From: a" + hundred + "\n\n")));
    assertEquals("&" + hundred + "\n", list());
  }

  @Test
  void carriesOutEveryCommandInItsPlace() throws Exception {
    list("");
    String message = "From: a@b\nMBOX: x\n\nSubstitute\nunsure\n subs\nunsubscribe";
    var context = context(message);
    assertEquals(0, program.run(context));
    String text = context.queue.queued.get(0).message();
    assertTrue(
        text.contains("Substitute\n***** Text inserted by r@h\n*\n* Acknowledgment: a@b is"));
    assertTrue(text.contains("unsure\n***** Text inserted by r@h\n*\n* Acknowledgment: a@b is no"));
    assertTrue(
        text.contains("\n subs\nunsubscribe\n***** Text inserted by r@h\n*\n* Hmmm, I don't"));
    assertEquals("", list());
  }

  @Test
  void onlyWholeEqualLinesAreRemovedAndAPartialOneIsLost() throws Exception {
    list("#c\n&a@b.c\n&A@b\na@b\n&a@b\n./Mailbox\n&a@b\n&lost@x");
    assertEquals(0, program.run(context("From: a@b\n\nunsubscribe\n")));
    assertEquals("#c\n&a@b.c\n&A@b\na@b\n./Mailbox\n", list());
    assertEquals(
        "r-x------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(directory.resolve(".qmail-l"))));
    assertFalse(Files.exists(directory.resolve(".qtemp-l")));
  }

  @Test
  void troubleKeepsTheOldListAndIsToldToTheOwner() throws Exception {
    list("&x@x\n");
    Files.createDirectory(directory.resolve(".qtemp-l"));
    var context = context("From: a@b\n\nsubscribe\n");
    assertEquals(0, program.run(context));
    assertTrue(context.queue.queued.get(0).message().contains("* Oh no! Trouble making the new"));
    assertEquals("&x@x\n", list());
  }

  @ParameterizedTest
  @CsvSource({"11,100,permanent", "115,100,permanent", "31,111,temporary", "53,111,temporary"})
  void queueRefuses(int exit, int status, String word) throws Exception {
    list("");
    var context = context("From: a@b\n\nx\n");
    context.queue.exit = exit;
    assertEquals(status, program.run(context));
    assertEquals("qlist: fatal: " + word + " qmail-queue error\n", context.stderr());
    assertEquals("&a@b\n", list());
  }

  @Test
  void unreadableMessageOrLockFile() throws Exception {
    list("");
    var context = context("").unreadable();
    assertEquals(111, program.run(context));
    assertEquals("qlist: fatal: read error\n", context.stderr());
    Files.delete(directory.resolve(".qmail-l-request"));
    Files.createDirectory(directory.resolve(".qmail-l-request"));
    context = context("From: a@b\n\n");
    assertEquals(111, program.run(context));
    assertEquals("qlist: fatal: unable to open lock file\n", context.stderr());
  }

  @Test
  void longLinesAndBinaryBodiesArriveWhole() throws Exception {
    list("");
    String body = "subs" + "x\0\u00e9".repeat(20_000) + "\nend\n";
    var context = context("From: a@b\n\n" + body);
    assertEquals(0, program.run(context));
    String text = context.queue.queued.get(0).message();
    assertEquals(
        body,
        text.replaceAll("(?s)\\*\\*\\*\\*\\* Text inserted.*?\\*\\*\\*\\*\\*\n", "")
            .substring(text.indexOf("\n\n") + 3));
  }

  @Test
  void manySubscribeAtOnce() throws Exception {
    list("");
    var pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Integer>> runs = new ArrayList<>();
      IntStream.range(0, 40)
          .forEach(i -> runs.add(() -> program.run(context("From: s" + i + "@x\n\n"))));
      for (Future<Integer> run : pool.invokeAll(runs)) {
        assertEquals(0, run.get());
      }
    } finally {
      pool.shutdown();
      assertTrue(pool.awaitTermination(60, TimeUnit.SECONDS));
    }
    assertEquals(40, list().lines().distinct().count());
  }

  @Test
  void waitsForALockAndCanBeInterrupted() throws Exception {
    list("");
    Path request = Files.createFile(directory.resolve(".qmail-l-request"));
    var pool = Executors.newSingleThreadExecutor();
    try (var channel = FileChannel.open(request, StandardOpenOption.WRITE)) {
      var lock = channel.lock();
      Future<Integer> run = pool.submit(() -> program.run(context("From: a@b\n\n")));
      lock.release();
      assertEquals(0, run.get(60, TimeUnit.SECONDS));
      assertEquals("&a@b\n", list());
      channel.lock();
      var second = context("From: c@d\n\n");
      Future<Integer> stuck = pool.submit(() -> program.run(second));
      while (second.queue.origins.isEmpty()) {
        Thread.sleep(10);
      }
      stuck.cancel(true);
      pool.shutdown();
      assertTrue(pool.awaitTermination(60, TimeUnit.SECONDS));
      assertEquals("&a@b\n", list());
      assertEquals(List.of(), second.queue.queued);
    } finally {
      pool.shutdownNow();
    }
  }
}
