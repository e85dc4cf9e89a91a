package org.sluice.tools.maildir.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.testkit.RecordedRun;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

/** Spec 40 section 16.1. */
class Maildir2mboxProgramTest {
  private static final long TIME = 1_000_000_000;
  private static final String DATE = "Sun Sep 09 01:46:40 2001";

  @TempDir Path directory;
  private final Maildir2mboxProgram program = new Maildir2mboxProgram();
  private final ExecutorService pool = Executors.newCachedThreadPool();
  private Path mbox;

  static List<Named<Map<String, Object>>> runs() {
    return Vectors.named("local", "maildir2mbox");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    Path root = Files.createDirectory(directory.resolve("root"));
    new RecordedRun(vector, root).check(program);
  }

  @BeforeEach
  void maildir() throws IOException {
    for (String folder : List.of("M/tmp", "M/new", "M/cur")) {
      Files.createDirectories(directory.resolve(folder));
    }
    mbox = directory.resolve("mbox");
  }

  @AfterEach
  void end() throws InterruptedException {
    pool.shutdownNow();
    assertTrue(pool.awaitTermination(60, TimeUnit.SECONDS));
  }

  private Path message(String name, String content) throws IOException {
    Path file = directory.resolve("M").resolve(name);
    Files.writeString(file, content, StandardCharsets.ISO_8859_1);
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(TIME)));
    return file;
  }

  /** Names relative to the maildir. */
  private TestContext context() {
    return new TestContext(List.of())
        .in(directory)
        .with(Map.of("MAILDIR", "M", "MAIL", "../mbox", "MAILTMP", "../mbox.tmp"));
  }

  private String read() throws IOException {
    return Files.readString(mbox, StandardCharsets.ISO_8859_1);
  }

  private void fails(TestContext context, String words) throws Exception {
    assertEquals(111, program.run(context));
    assertEquals("maildir2mbox: fatal: " + words + "\n", context.stderr());
    assertFalse(Files.exists(directory.resolve("mbox.lock")));
  }

  @ParameterizedTest
  @CsvSource({
    "'a|','From XXX DATE|a||'",
    "'Return-Path: <a b\tc@x>|','From a-b-c@x DATE|Return-Path: <a b\tc@x>||'",
    "'Return-Path: <>|','From MAILER-DAEMON DATE|Return-Path: <>||'",
    "'Return-Path: <|','From  DATE|Return-Path: <||'",
    "'return-path: <a>|','From XXX DATE|return-path: <a>||'",
    "'x|Return-Path: <a>|','From XXX DATE|x|Return-Path: <a>||'",
    "'Return-Path: <a>','From XXX DATE||'",
    "'x|>From y|From z|From','From XXX DATE|x|>>From y|>From z||'",
    "'','From XXX DATE||'"
  })
  void writes(String message, String expected) throws Exception {
    message("new/1", message.replace('|', '\n'));
    assertEquals(0, program.run(context()));
    assertEquals(expected.replace('|', '\n').replace("DATE", DATE), read());
    assertFalse(Files.exists(directory.resolve("mbox.lock")));
  }

  @Test
  void longMessagesKeepAllTheirLines() throws Exception {
    String lines = ("x".repeat(998) + "\n").repeat(300);
    message("new/1", lines + "y".repeat(200_000));
    assertEquals(0, program.run(context()));
    assertEquals("From XXX " + DATE + "\n" + lines + "\n", read());
  }

  @Test
  void newMboxIsPrivate() throws Exception {
    message("new/1", "a\n");
    assertEquals(0, program.run(context()));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(mbox)));
  }

  @Test
  void failureHalfWayLeavesAllAsItWas() throws Exception {
    Files.writeString(mbox, "old\n");
    Path first = message("new/1", "a\n");
    Path second = directory.resolve("M/cur/2");
    Files.createDirectory(second);
    Files.setLastModifiedTime(second, FileTime.from(Instant.ofEpochSecond(TIME + 1)));
    fails(context(), "unable to read $MAILDIR/cur/2: is a directory");
    assertEquals("old\n", read());
    assertEquals("a\n", Files.readString(first));
    Files.delete(second);
    assertEquals(0, program.run(context()));
    assertEquals("old\nFrom XXX " + DATE + "\na\n\n", read());
  }

  @Test
  void fullDiskLeavesAllAsItWas() throws Exception {
    Files.writeString(mbox, "old\n");
    Path first = message("new/1", "a\n");
    fails(
        context().with(Map.of("MAILTMP", "/dev/full")),
        "unable to write to /dev/full: out of disk space");
    assertEquals("old\n", read());
    assertTrue(Files.exists(first));
  }

  @Test
  void otherFailures() throws Exception {
    Path first = message("new/1", "a\n");
    fails(context().with(Map.of("MAIL", "no/mbox")), "unable to lock no/mbox: file does not exist");
    fails(context().with(Map.of("MAIL", "../M")), "unable to lock ../M: is a directory");
    fails(context().with(Map.of("MAIL", "")), "unable to lock : file does not exist");
    fails(
        context().with(Map.of("MAILTMP", "no/tmp")),
        "unable to create no/tmp: file does not exist");
    fails(context().with(Map.of("MAILTMP", "")), "unable to create : file does not exist");
    fails(context().with(Map.of("MAILDIR", "")), "unable to chdir to : file does not exist");
    Files.createFile(directory.resolve("file"));
    fails(context().with(Map.of("MAILDIR", "file")), "unable to chdir to file: not a directory");
    assertTrue(Files.exists(first));
  }

  @Test
  void temporaryFileMustNotBeTheMbox() throws Exception {
    Files.writeString(mbox, "old\n");
    message("new/1", "a\n");
    fails(
        context().with(Map.of("MAILTMP", "../M/../mbox")),
        "unable to create ../M/../mbox: it is the mbox itself");
    assertEquals("old\n", read());
  }

  @Test
  void messageThatStaysIsTold() throws Exception {
    message("new/1", "a\n");
    Path folder = directory.resolve("M/new");
    var context = context();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-x------"));
    try {
      assertEquals(0, program.run(context));
      boolean root = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
      assertEquals(
          root // whom no mode stops
              ? ""
              : "maildir2mbox: warning: $MAILDIR/new/1 will be delivered twice; unable to unlink:"
                  + " access denied\n",
          context.stderr());
    } finally {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void waitsForWhoeverHasTheMboxLocked() throws Exception {
    message("new/1", "a\n");
    Files.writeString(mbox, "old\n");
    Future<Integer> run;
    try (var channel =
        FileChannel.open(mbox, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      channel.lock();
      run = pool.submit(() -> program.run(context()));
      while (!Files.exists(directory.resolve("mbox.lock"))) {
        Thread.sleep(5);
      }
      channel.write(StandardCharsets.ISO_8859_1.encode("more\n"));
    }
    assertEquals(0, run.get(60, TimeUnit.SECONDS));
    assertEquals("old\nmore\nFrom XXX " + DATE + "\na\n\n", read());
  }

  @Test
  void mboxThatIsReplacedMeanwhileIsNotLost() throws Exception {
    message("new/1", "a\n");
    Files.writeString(mbox, "old\n");
    Future<Integer> run;
    try (var channel = FileChannel.open(mbox, StandardOpenOption.WRITE)) {
      channel.lock();
      run = pool.submit(() -> program.run(context()));
      while (!Files.exists(directory.resolve("mbox.lock"))) {
        Thread.sleep(5);
      }
      Path other = directory.resolve("other");
      Files.writeString(other, "replaced\n");
      Files.move(other, mbox, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }
    assertEquals(0, run.get(60, TimeUnit.SECONDS));
    assertEquals("replaced\nFrom XXX " + DATE + "\na\n\n", read());
  }

  @Test
  void waitsForADotLock() throws Exception {
    message("new/1", "a\n");
    Path dot = Files.createFile(directory.resolve("mbox.lock"));
    Future<Integer> run = pool.submit(() -> program.run(context()));
    Files.writeString(mbox, "delivered\n");
    Files.delete(dot);
    assertEquals(0, run.get(60, TimeUnit.SECONDS));
    assertEquals("delivered\nFrom XXX " + DATE + "\na\n\n", read());
  }

  @Test
  void interruptWhileWaitingChangesNothing() throws Exception {
    Path first = message("new/1", "a\n");
    Path dot = Files.createFile(directory.resolve("mbox.lock"));
    Future<Integer> run = pool.submit(() -> program.run(context()));
    run.cancel(true);
    pool.shutdown();
    assertTrue(pool.awaitTermination(60, TimeUnit.SECONDS));
    assertTrue(Files.exists(first));
    assertTrue(Files.exists(dot));
    assertFalse(Files.exists(mbox));
  }

  @Test
  void interruptBeforeTheMboxIsReplacedChangesNothing() throws Exception {
    Files.writeString(mbox, "old\n");
    Path first = message("new/1", "a\n");
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> program.run(context()));
    assertFalse(Thread.interrupted());
    assertEquals("old\n", read());
    assertTrue(Files.exists(first));
    assertFalse(Files.exists(directory.resolve("mbox.lock")));
  }

  @Test
  void manyAtOnceMoveEachMessageOnce() throws Exception {
    for (int i = 0; i < 50; i++) {
      message("new/" + i, "Subject: " + i + "\n");
    }
    List<Future<Integer>> runs =
        java.util.stream.IntStream.range(0, 4)
            .mapToObj(i -> pool.submit(() -> program.run(context())))
            .toList();
    int failed = 0;
    for (Future<Integer> run : runs) {
      failed += run.get(60, TimeUnit.SECONDS) == 0 ? 0 : 1;
    }
    // Those that come too late find messages gone, and change nothing.
    assertTrue(failed < 4);
    assertEquals(50, read().lines().filter(line -> line.startsWith("Subject: ")).count());
    assertEquals(
        50, read().lines().filter(line -> line.startsWith("Subject: ")).distinct().count());
  }
}
