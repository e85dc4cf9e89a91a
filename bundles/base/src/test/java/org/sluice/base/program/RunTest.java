package org.sluice.base.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.base.BytesMessage;
import org.sluice.base.QueueStatus;
import org.sluice.base.SystemError;

/** Programs of the operating system, and of ours, with all that they are given. */
class RunTest {
  @TempDir Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Has one program, {@code twice}, which reads its input, begins it again and reads it again. */
  private static final ProgramSource SOURCE =
      new ProgramSource() {
        @Override
        public OptionalInt run(String name, ProgramContext context) throws IOException {
          if (!name.equals("twice")) {
            return OptionalInt.empty();
          }
          context.in().transferTo(context.out());
          context.rewind();
          context.in().transferTo(context.out());
          return OptionalInt.of(7);
        }

        @Override
        public MailQueue queue(ProgramContext context) {
          throw new AssertionError("QMAILQUEUE was set");
        }
      };

  private Run run(String... argv) {
    var environment = Map.of("PATH", "/usr/local/bin:/usr/bin:/bin");
    return new Run(
        SOURCE, List.of(argv), environment, directory, Descriptors.NONE, Optional.empty());
  }

  private String output() {
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void aProgramOfOursReadsAMessageTwice() throws Exception {
    byte[] message = "m\n".getBytes(StandardCharsets.ISO_8859_1);
    int status =
        run("twice").message(new BytesMessage(message, 0, message.length)).output(1, out).run();
    assertEquals(7, status);
    assertEquals("m\nm\n", output());
  }

  @Test
  void aStreamCannotBeBegunAgain() {
    var execution = run("twice").input(0, new ByteArrayInputStream(new byte[3])).output(1, out);
    assertThrows(IOException.class, execution::run);
  }

  @Test
  void everyOctetReachesArgumentsAndEnvironment() throws Exception {
    var octets = new StringBuilder();
    for (char c = 1; c < 256; c++) {
      octets.append(c);
    }
    String all = octets.append('\n').toString();
    var environment = Map.of("PATH", "/usr/bin:/bin", "ALL", all, "PLAIN", "a'b\"c$d\n");
    int status =
        new Run(
                SOURCE,
                List.of("printf", "%s|%s", all, "it's $HOME"),
                environment,
                directory,
                Descriptors.NONE,
                Optional.empty())
            .output(1, out)
            .run();
    assertEquals(0, status);
    assertEquals(all + "|it's $HOME", output());
    out.reset();
    new Run(
            SOURCE,
            List.of("sh", "-c", "printf %s \"$ALL$PLAIN\""),
            environment,
            directory,
            Descriptors.NONE,
            Optional.empty())
        .output(1, out)
        .run();
    assertEquals(all + "a'b\"c$d\n", output());
  }

  @Test
  void furtherDescriptorsGoBothWays() throws Exception {
    var six = new ByteArrayOutputStream();
    var three = new ByteArrayInputStream("login\0secret\0".getBytes(StandardCharsets.ISO_8859_1));
    int status =
        run("sh", "-c", "cat <&3; echo six >&6; echo err >&2; exit 9")
            .input(3, three)
            .output(1, out)
            .output(6, six)
            .run();
    assertEquals(9, status);
    assertEquals("login\0secret\0", output());
    assertEquals("six\n", six.toString(StandardCharsets.ISO_8859_1));
  }

  @Test
  void statusOfASignal() throws Exception {
    assertEquals(128 + 9, run("sh", "-c", "kill -9 $$").run());
  }

  @Test
  void aMissingProgramIsNamed() {
    var e = assertThrows(IOException.class, () -> run("no-such-program").run());
    assertTrue(e.getMessage().startsWith("no-such-program: "), e.getMessage());
  }

  @Test
  void oneThatMayNotBeExecutedIsNotMissing() throws Exception {
    Files.writeString(directory.resolve("text"), "no program\n");
    var environment = Map.of("PATH", directory + ":/usr/bin:/bin");
    var run =
        new Run(
            SOURCE, List.of("text"), environment, directory, Descriptors.NONE, Optional.empty());
    assertThrows(AccessDeniedException.class, run::run);
  }

  @Test
  void pathexecSearchesWhereTheCallerDoesAndHasTheSystemRunIt() throws Exception {
    Path program = Files.writeString(directory.resolve("text"), "printf %s $PATH\n");
    assertTrue(program.toFile().setExecutable(true));
    var given = Map.of("PATH", directory.toString());
    assertEquals(0, run("text").environment(given).output(1, out).run(), "execvp(3)");
    assertEquals(directory.toString(), output());
    var execution = run("text").pathexec().environment(given);
    assertThrows(NoSuchFileException.class, execution::run);
    var text = run("./text").pathexec();
    assertEquals("exec format error", SystemError.text(assertThrows(IOException.class, text::run)));
    out.reset();
    assertEquals(0, run("env").pathexec().environment(given).output(1, out).run());
    assertEquals("PATH=" + directory + "\n", output());
  }

  @Test
  void theDeadlineKillsTheWholeTree() throws Exception {
    Path pid = directory.resolve("pid");
    var execution =
        run("sh", "-c", "sh -c 'echo $$ >pid; exec sleep 600' & wait")
            .deadline(Instant.now().plusSeconds(2));
    assertThrows(InterruptedIOException.class, execution::run);
    long child = Long.parseLong(Files.readString(pid).strip());
    for (int i = 0; i < 1000 && ProcessHandle.of(child).isPresent(); i++) {
      Thread.sleep(10); // a killed process is reaped by init, which nothing tells us of
    }
    assertTrue(ProcessHandle.of(child).isEmpty());
  }

  @Test
  void anInterruptKillsTheProgram() throws Exception {
    var caller = Thread.currentThread();
    var waker =
        new Thread(
            () -> {
              while (!Files.exists(directory.resolve("started"))) {
                Thread.onSpinWait();
              }
              caller.interrupt();
            });
    waker.start();
    var execution = run("sh", "-c", "touch started; exec sleep 600");
    assertThrows(InterruptedException.class, execution::run);
    waker.join();
  }

  @Test
  void qmailqueueReplacesTheQueue() throws Exception {
    Path program = directory.resolve("queue");
    Files.writeString(
        program, "#!/bin/sh\ncat >message\ncat <&1 >envelope\nprintf Dsorry >&6\nexit $STATUS\n");
    assertTrue(program.toFile().setExecutable(true));
    commit("0");
    assertEquals("body\n", Files.readString(directory.resolve("message")));
    assertEquals("Fa@b\0Tc@d\0Te\0\0", Files.readString(directory.resolve("envelope")));
    var refused = assertThrows(QueueException.class, () -> commit("82"));
    assertEquals(82, refused.exitCode());
    assertEquals("Dsorry", refused.getMessage());
  }

  @Test
  void qmailqueueHasItsOwnStatus() throws Exception {
    Path program = directory.resolve("queue");
    Files.writeString(
        program,
        "#!/bin/sh\ncat >/dev/null\ncase $STATUS in -*) kill $STATUS $$ ;; esac\nexit $STATUS\n");
    assertTrue(program.toFile().setExecutable(true));
    var expected = new TreeMap<>(Map.of("120", "unable to exec qq (#4.3.0)"));
    for (String signal : List.of("-6", "-9", "-11", "-64")) {
      expected.put(signal, "qq crashed (#4.3.0)");
    }
    for (String status :
        List.of("126", "127", "128", "129", "130", "137", "141", "192", "193", "255")) {
      expected.put(status, "qq temporary problem (#4.3.0)");
    }
    for (var end : expected.entrySet()) {
      var refused = assertThrows(QueueException.class, () -> commit(end.getKey()));
      assertEquals(end.getValue(), QueueStatus.of(refused).text(), end.getKey());
    }
  }

  @Test
  void aMissingQmailqueueIsSaid() {
    var refused = assertThrows(QueueException.class, () -> commit("0"));
    assertEquals(120, refused.exitCode());
  }

  /** Descriptor 2 may be the client's connection. */
  @Test
  void nothingIsSaidOfAProgramThatCannotBeStarted() throws Exception {
    Files.writeString(directory.resolve("text"), "no program\n");
    var err = new ByteArrayOutputStream();
    for (String bad : List.of("./queue", "/nonexist", "./text", "/tmp")) {
      var execution =
          run(bad).input(1, new ByteArrayInputStream(new byte[0])).output(2, err).output(6, out);
      var e = assertThrows(IOException.class, execution::run);
      assertTrue(e.getMessage().startsWith(bad + ": "), e.getMessage());
    }
    assertEquals("", err.toString(StandardCharsets.ISO_8859_1));
  }

  @Test
  void anEmptyQmailqueueIsSetAndNoProgram() {
    var refused = assertThrows(QueueException.class, () -> commit("", "0"));
    assertEquals("unable to exec qq (#4.3.0)", QueueStatus.of(refused).text());
    assertEquals(111, QueueStatus.of(refused).exit().status());
  }

  @Test
  void whatIsNotOpenFails() throws Exception {
    RunContext context = context(Map.of());
    assertThrows(IOException.class, () -> context.in().read());
    assertThrows(IOException.class, () -> context.in().read(new byte[1]));
    assertThrows(IOException.class, () -> context.out().write(new byte[1]));
    context.out().flush();
    context.err().write(new byte[1]);
  }

  /** As a process has them, of which bin/program was told that they were closed. */
  private record Inherited(Set<Integer> closed) implements Descriptors {
    @Override
    public Optional<InputStream> input(int descriptor) {
      return Optional.empty();
    }

    @Override
    public Optional<OutputStream> output(int descriptor) {
      return Optional.empty();
    }

    @Override
    public void rewind() {
      throw new AssertionError("not read here");
    }

    @Override
    public boolean inherited() {
      return true;
    }
  }

  @Test
  void programsDoNotGetWhatHoldsThePlaceOfAClosedDescriptor() throws Exception {
    String test = "for i in 0 1 2; do [ -e /proc/$$/fd/$i ] || s=$s$i; done; exit 1$s";
    for (Set<Integer> closed : List.of(Set.<Integer>of(), Set.of(0), Set.of(0, 2))) {
      String digits = closed.stream().sorted().map(String::valueOf).collect(Collectors.joining());
      var run = run("sh", "-c", test).descriptors(new Inherited(closed));
      assertEquals(Integer.parseInt("1" + digits), run.run());
    }
  }

  /** A client of which nobody knows whether it will ever read. */
  private final class Stuck implements Descriptors {
    final CountDownLatch go = new CountDownLatch(1);

    @Override
    public Optional<InputStream> input(int descriptor) {
      return Optional.empty();
    }

    @Override
    public Optional<OutputStream> output(int descriptor) {
      var stream =
          new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
              try {
                assertTrue(go.await(60, TimeUnit.SECONDS));
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              out.write(octet);
            }
          };
      return descriptor == 1 ? Optional.of(stream) : Optional.empty();
    }

    @Override
    public Optional<Duration> linger() {
      return Optional.of(Duration.ofMillis(50));
    }

    @Override
    public void rewind() throws IOException {
      throw new IOException("Illegal seek");
    }
  }

  @Test
  @Timeout(30)
  void aReaderThatTakesNothingIsGivenUpWhenTheProgramHasEnded() throws Exception {
    var stuck = new Stuck();
    assertEquals(3, run("sh", "-c", "echo x; exit 3").descriptors(stuck).run());
    assertEquals("", output());
    stuck.go.countDown();
  }

  /** The way of a program that stands between its client and another one. */
  @Test
  @Timeout(30)
  void soIsOneBehindAStreamThatWasOpened() throws Exception {
    var stuck = new Stuck();
    OutputStream between =
        new BufferedOutputStream(stuck.output(1).orElseThrow()); // flushed with each block
    var run = run("sh", "-c", "echo x; exit 3").descriptors(stuck).output(1, between);
    assertEquals(3, run.run());
    assertEquals("", output());
    stuck.go.countDown();
  }

  private RunContext context(Map<String, String> environment) {
    return new RunContext(
        SOURCE, List.of(), environment, directory, Descriptors.NONE, Optional.empty());
  }

  private void commit(String status) throws Exception {
    commit("./queue", status);
  }

  private void commit(String program, String status) throws Exception {
    var context = context(Map.of("QMAILQUEUE", program, "STATUS", status, "PATH", "/usr/bin:/bin"));
    try (var draft = context.queue().open(Origin.NETWORK)) {
      draft.body().write("body\n".getBytes(StandardCharsets.ISO_8859_1));
      draft.commit(
          new Envelope(new ReversePath("a@b"), List.of(new Recipient("c@d"), new Recipient("e"))));
    }
  }
}
