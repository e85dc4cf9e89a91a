package org.sluice.base.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.base.QueueStatus;

/** What becomes of a message when the program in the place of qmail-queue does not do its job. */
@Timeout(120)
class ExternalQueueTest {
  private static final String ALL = "cat >/dev/null; cat <&1 >/dev/null; ";

  /** More than a pipe holds. */
  private static final byte[] LARGE = new byte[1_000_000];

  private static final byte[] SMALL = {'x', '\n'};

  private static final ProgramSource NO_PROGRAMS =
      new ProgramSource() {
        @Override
        public OptionalInt run(String name, ProgramContext context) {
          return OptionalInt.empty();
        }

        @Override
        public MailQueue queue(ProgramContext context) {
          throw new AssertionError("not used");
        }
      };

  @TempDir Path directory;

  private Execution execution(List<String> argv) {
    return new Run(
        NO_PROGRAMS,
        argv,
        Map.of("PATH", "/usr/bin:/bin"),
        directory,
        Descriptors.NONE,
        Optional.empty());
  }

  /** 0, or what the queue throws. */
  private int submit(String script, byte[] message, int recipients) throws IOException {
    return submitTo("#!/bin/sh\n" + script + "\n", message, recipients);
  }

  private int submitTo(String file, byte[] message, int recipients) throws IOException {
    Path program = directory.resolve("queue");
    Files.writeString(program, file);
    assertTrue(program.toFile().setExecutable(true));
    var queue = new ExternalQueue("./queue", this::execution);
    try (var draft = queue.open(Origin.NETWORK)) {
      draft.body().write(message);
      draft.commit(
          new Envelope(
              new ReversePath("s@x"),
              Collections.nCopies(recipients, new Recipient("somebody@example.org"))));
      return 0;
    } catch (QueueException e) {
      return e.exitCode();
    }
  }

  @Test
  void whoHasNotReadTheMailHasNotQueuedIt() throws Exception {
    assertEquals(ExitCode.READ, submit("exit 0", LARGE, 1));
    assertEquals(ExitCode.READ, submit("cat >/dev/null; exit 0", SMALL, 20_000));
    assertEquals(31, submit("exit 31", LARGE, 1));
    assertEquals(0, submit(ALL + "exit 0", LARGE, 20_000));
    // qmail-queue stops reading the envelope at its last octet, here the 28th
    String stops = "cat >/dev/null; dd bs=1 count=28 <&1 >/dev/null 2>&1; exit 0";
    assertEquals(0, submit(stops, SMALL, 1));
  }

  /** Kept whole, it would be more than an array can hold. */
  @Test
  void ofWhatIsSaidWithoutEndTheBeginningIsKept() throws Exception {
    var streams = new HashMap<Object, Object>();
    InvocationHandler endless =
        (execution, method, arguments) -> {
          if (!method.getName().equals("run")) {
            if (arguments != null) {
              streams.put(arguments[0], arguments[arguments.length - 1]);
            }
            return execution;
          }
          byte[] block = "y".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
          var error = (OutputStream) streams.get(6);
          error.write('D');
          for (int i = 0; i < 1 << 11; i++) {
            error.write(block);
          }
          return QueueStatus.CUSTOM;
        };
    var program =
        (Execution)
            Proxy.newProxyInstance(
                Execution.class.getClassLoader(), new Class<?>[] {Execution.class}, endless);
    try (var draft = new ExternalQueue("endless", argv -> program).open(Origin.NETWORK)) {
      draft.body().write(SMALL);
      var envelope = new Envelope(new ReversePath("s@x"), List.of(new Recipient("u@y")));
      var e = assertThrows(QueueException.class, () -> draft.commit(envelope));
      assertEquals("D" + "y".repeat(254), e.getMessage());
    }
  }

  /** As execv(3) has it, which has no shell run it. */
  @Test
  void whatIsNoProgramQueuesNothing() throws Exception {
    Path ran = directory.resolve("ran");
    for (String text : List.of(": >" + ran + "\n", "", "\177ELF\n: >" + ran + "\n")) {
      assertEquals(120, submitTo(text, SMALL, 1), text);
      assertFalse(Files.exists(ran), text);
    }
  }

  @Test
  void aStatusIsNoSignal() throws Exception {
    for (int status : new int[] {126, 127, 128, 193, 255}) {
      assertEquals(status, submit(ALL + "exit " + status, SMALL, 1));
    }
    assertEquals(QueueStatus.CRASHED, submit("kill -9 $$", SMALL, 1));
  }

  @Test
  void aFullDiskIsTroubleOfTheQueueAndLeavesNothingBehind() throws Exception {
    Path file = directory.resolve("spooled");
    var queue =
        new ExternalQueue(
            "/nonexist",
            this::execution,
            () -> {},
            () -> Files.createSymbolicLink(file, Path.of("/dev/full")));
    try (var draft = queue.open(Origin.NETWORK)) {
      var e = assertThrows(QueueException.class, () -> draft.body().write(LARGE));
      assertEquals(ExitCode.WRITE, e.exitCode());
    }
    assertFalse(Files.exists(file, LinkOption.NOFOLLOW_LINKS));
    try (var draft = queue.open(Origin.NETWORK)) {
      draft.body().write(SMALL);
      var e = assertThrows(QueueException.class, draft::message);
      assertEquals(ExitCode.WRITE, e.exitCode());
    }
    assertFalse(Files.exists(file, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void itsNumberIsThatOfTheProgram() throws IOException {
    Path program = directory.resolve("queue");
    Files.writeString(program, "#!/bin/sh\n" + ALL + "echo $$ >number\n");
    assertTrue(program.toFile().setExecutable(true));
    var queue = new ExternalQueue("./queue", this::execution);
    try (var draft = queue.open(Origin.NETWORK)) {
      draft.body().write(SMALL);
      draft.commit(new Envelope(new ReversePath("s@x"), List.of(new Recipient("r@x"))));
      assertEquals(
          Long.parseLong(Files.readString(directory.resolve("number")).strip()), draft.process());
    }
  }
}
