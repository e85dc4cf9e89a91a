package org.sluice.admin.splogger.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.Background;
import org.sluice.testkit.Installed;
import org.sluice.testkit.SystemPrograms;
import org.sluice.testkit.TestContext;

/** With the logger of util-linux, and a socket of the test's in place of /dev/log. */
@Timeout(120)
class RealLoggerTest {
  private static final String RECEIVE =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1])
      print("ready", flush=True)
      while True:
          sys.stdout.buffer.write(s.recv(65536) + b"\\n")
          sys.stdout.buffer.flush()
      """;
  private static final String STAMP = "1795408001.059674";
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochSecond(1_795_408_001, 59_674_000));
  private static final Duration LONG = Duration.ofMinutes(5);

  @TempDir Path home;
  private final CountDownLatch said = new CountDownLatch(1);
  private TestContext context;

  /** Before the real one in PATH, for it has no variable for the socket; tells its number. */
  @BeforeEach
  void logger() throws Exception {
    Installed.program("logger");
    Installed.program("python3");
    script("echo $$ >>" + home + "/pids; exec /usr/bin/logger -u " + home + "/socket \"$@\"");
  }

  private void script(String line) throws Exception {
    Path script = Files.writeString(home.resolve("logger"), "#!/bin/sh\n" + line + "\n");
    assertTrue(script.toFile().setExecutable(true));
  }

  private CompletableFuture<Integer> splogger(InputStream in, String... arguments) {
    context = new TestContext(List.of(arguments)).in(home).input(in);
    context.output(
        2,
        new ByteArrayOutputStream() {
          @Override
          public void write(byte[] octets, int offset, int length) {
            super.write(octets, offset, length);
            said.countDown();
          }
        });
    context.with(Map.of("PATH", home + ":/usr/bin:/bin"));
    context.programs(new SystemPrograms(context));
    return Background.supply(
        () -> {
          try {
            return new SploggerProgram(CLOCK, LONG, LONG).run(context);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  /** A daemon that receives datagrams. */
  private final class Receiver implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    Receiver() throws Exception {
      process =
          new ProcessBuilder("python3", "-c", RECEIVE, home.resolve("socket").toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1));
      assertEquals("ready", lines.readLine());
    }

    /** The next message, with {@code T} for the time that logger has put into it. */
    String next() throws Exception {
      String line = lines.readLine();
      return line.replaceFirst(
          "^(<[0-9]+>)[A-Z][a-z]{2} [ 0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} ", "$1T ");
    }

    @Override
    public void close() throws IOException {
      process.destroyForcibly().onExit().join();
      Files.delete(home.resolve("socket"));
    }
  }

  private List<String> received(int count, String input, String... arguments) throws Exception {
    var messages = new ArrayList<String>();
    var in = new Typed().type(input);
    try (var receiver = new Receiver()) {
      var running = splogger(in, arguments);
      for (int i = 0; i < count; i++) {
        messages.add(receiver.next().replace(STAMP, "S"));
      }
      assertFalse(running.isDone(), "all is there while the input goes on");
      in.type("x\nunfinished").end();
      assertEquals(0, running.get(60, TimeUnit.SECONDS));
      assertTrue(receiver.next().endsWith(STAMP + " x"));
      assertEquals("", context.stderr());
    }
    return messages;
  }

  @Test
  void messagesComeThroughAsTheyAre() throws Exception {
    String full = "<9>" + "z".repeat(796);
    assertEquals(
        List.of(
            "<22>T splogger: S hello",
            "<20>T splogger: S warning: w",
            "<17>T splogger: S alert: a",
            "<22>T splogger: S    two blanks  ",
            "<22>T splogger: S <13>%s ? \\n -",
            "<22>T splogger: S " + full,
            "<22>T splogger: S+<9>",
            "<22>T splogger: S warning"),
        received(
            8,
            "hello\n\nwarning: w\nalert: a\n   two blanks  \n<13>%s \u00e9 \\n -\n"
                + full
                + "<9>\nwarning\n"));
    assertEquals(1, Files.readAllLines(home.resolve("pids")).size(), "one logger for all");
  }

  @Test
  void tagsAndFacilities() throws Exception {
    assertEquals(List.of("<30>T tag: S a"), received(1, "a\n", "tag", "3abc", "extra"));
    assertEquals(List.of("<185>T -i: S alert: a"), received(1, "alert: a\n", "-i", "23"));
    assertEquals(List.of("<22>T : S a"), received(1, "a\n", ""));
    assertEquals(List.of("<22>T t\u00e4g %s 'a': S a"), received(1, "a\n", "t\u00e4g %s 'a'"));
    // Those that logger does not take: it says user instead.
    assertEquals(
        List.of("<14>T tag: S a", "<12>T tag: S warning: b"),
        received(2, "a\nwarning: b\n", "tag", "mail"));
    assertEquals(List.of("<14>T tag: S a"), received(1, "a\n", "tag", "24"));
  }

  @Test
  void withoutADaemonLinesAreDroppedAndWithItTheyComeAgain() throws Exception {
    var in = new Typed();
    var running = splogger(in);
    try (var receiver = new Receiver()) {
      in.type("one\n");
      assertEquals("<22>T splogger: " + STAMP + " one", receiver.next());
    }
    in.type("nobody receives this\n");
    in.awaitReads(3);
    try (var receiver = new Receiver()) {
      in.type("two\n");
      String next = receiver.next();
      if (next.endsWith("nobody receives this")) { // logger was not as far as that
        next = receiver.next();
      }
      assertEquals("<22>T splogger: " + STAMP + " two", next);
      in.end();
      assertEquals(0, running.get(60, TimeUnit.SECONDS));
    }
    assertEquals("", context.stderr());
    assertEquals(1, pids().size());
  }

  @Test
  void aLoggerThatWasKilledIsReplaced() throws Exception {
    var in = new Typed();
    try (var receiver = new Receiver()) {
      var running = splogger(in, "tag");
      in.type("one\n");
      assertEquals("<22>T tag: " + STAMP + " one", receiver.next());
      ProcessHandle.of(pids().get(0)).orElseThrow().destroyForcibly();
      said.await();
      in.type("two\n");
      assertEquals("<22>T tag: " + STAMP + " two", receiver.next());
      assertEquals(2, pids().size());
      in.end();
      assertEquals(0, running.get(60, TimeUnit.SECONDS));
    }
    assertEquals(
        "splogger: warning: logger has ended with status 137; lines are lost until it runs\n",
        context.stderr());
  }

  private List<Long> pids() throws Exception {
    return Files.readAllLines(home.resolve("pids")).stream().map(Long::valueOf).toList();
  }

  @Test
  void whatALoggerSaysOfItselfIsSaidOnce() throws Exception {
    script("echo out; echo 'logger: unrecognized option: é' >&2; echo 'Usage: logger' >&2; exit 1");
    var in = new java.io.ByteArrayInputStream("a\nb\n".getBytes(StandardCharsets.US_ASCII));
    assertEquals(0, splogger(in).get(60, TimeUnit.SECONDS));
    assertEquals(
        "splogger: warning: logger has ended with status 1: logger: unrecognized option: ??"
            + "; lines are lost until it runs\n",
        context.stderr());
    assertEquals("", context.stdout(), "descriptor 1 is not logger's");
  }

  @Test
  void withoutALoggerItReadsToTheEnd() throws Exception {
    byte[] lines = "0123456789\n".repeat(Pending.LIMIT).getBytes(StandardCharsets.US_ASCII);
    var in = new java.io.ByteArrayInputStream(lines);
    context = new TestContext(List.of()).in(home).input(in);
    context.with(Map.of("PATH", home + "/nowhere"));
    context.programs(new SystemPrograms(context));
    assertEquals(0, new SploggerProgram(CLOCK, LONG, LONG).run(context));
    assertEquals(0, in.available());
    assertEquals(
        "splogger: warning: unable to run logger: file does not exist; lines are lost until it runs\n",
        context.stderr());
  }
}
