package org.sluice.inject.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.queue.QueueException;
import org.sluice.testkit.FakeControl;

class InjectProgramTest {
  @TempDir Path home;

  private static void fails(InjectRun run, String message, int status, String text)
      throws Exception {
    assertEquals(status, run.run(message));
    assertEquals("qmail-inject: " + text + "\n", run.context.stderr());
    assertEquals("", run.context.stdout());
  }

  /** Spec 30 section 8. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "11,,100,envelope address too long for qq (#5.1.3)",
        "31,,100,mail server permanently rejected message (#5.3.0)",
        "53,,111,qq write error or disk full (#4.3.0)",
        "120,,111,unable to exec qq (#4.3.0)",
        "82,Dcustom no (#5.7.1),100,custom no (#5.7.1)",
        "82,Xodd,111,odd",
        "82,Dx,111,qq temporary problem (#4.3.0)",
        "35,,100,qq permanent problem (#5.3.0)",
        "-1,,111,qq crashed (#4.3.0)"
      })
  void theQueueRefuses(int exit, String error, int status, String text) throws Exception {
    var run = new InjectRun(home, "a");
    run.context.queue.exit = exit;
    run.context.queue.error = error == null ? "" : error;
    fails(run, "\n", status, "fatal: " + text);
  }

  @Test
  void theQueueIsNotThereOrFull() throws Exception {
    var closed = new InjectRun(home, "a");
    closed.context.queue.open = Optional.of(new QueueException(62, "no queue"));
    fails(closed, "\n", 111, "fatal: qq trouble creating files in queue (#4.3.0)");
    var full = new InjectRun(home, "a");
    full.context.queue.bodyLimit = 1_000;
    fails(full, "\n" + "x".repeat(2_000), 111, "fatal: qq write error or disk full (#4.3.0)");
    assertEquals(0, full.context.queue.queued.size());
  }

  @Test
  void whatCannotBeRead() throws Exception {
    String error = "fatal: read error";
    fails(new InjectRun(home).control("idhost", 1), "\n", 111, error);
    fails(new InjectRun(home).control("me", 1).control("plusdomain", 1), "\n", 111, error);
    fails(new InjectRun(home).with("QMAILMFTFILE", "."), "\n", 111, error);
    fails(new InjectRun(home.resolve("none")), "\n", 111, "fatal: internal bug");
    var message = new InjectRun(home, "a");
    assertEquals(111, message.program().run(message.context.unreadable()));
    assertEquals("qmail-inject: " + error + "\n", message.context.stderr());
  }

  @Test
  void aBodyThatBreaksOffIsNotQueued() throws Exception {
    var run = new InjectRun(home, "a");
    run.context.input(
        new java.io.InputStream() {
          private int at;

          @Override
          public int read() throws IOException {
            if (at == 20_000) {
              throw new IOException("Input/output error");
            }
            return "To: b\n\nx".charAt(Math.min(at++, 7));
          }
        });
    assertEquals(111, run.program().run(run.context));
    assertEquals("qmail-inject: fatal: read error\n", run.context.stderr());
    assertEquals(0, run.context.queue.queued.size());
  }

  @Test
  void whatCannotBePrinted() throws Exception {
    var run = new InjectRun(home, "-n");
    run.context.output(
        1,
        new ByteArrayOutputStream() {
          @Override
          public void flush() throws IOException {
            throw new IOException("Broken pipe");
          }
        });
    assertEquals(111, run.run("\nx"));
    assertEquals(
        "qmail-inject: fatal: unable to write message: broken pipe\n", run.context.stderr());
  }

  @Test
  void longHeadersAreRefused() throws Exception {
    String text = "fatal: header of more than 4194304 octets";
    fails(new InjectRun(home), "X: " + "x".repeat(Injection.HEADER), 100, text);
    fails(new InjectRun(home), ("X: " + "x".repeat(99) + "\n").repeat(41_000), 100, text);
    String most = "X: " + "x".repeat(Injection.HEADER - 4) + "\n";
    assertTrue(new InjectRun(home).queued(most).endsWith(most));
  }

  @Test
  void bodiesOfAnyLengthAreCopied() throws Exception {
    String body = "0123456789abcde\n".repeat(200_000) + "end";
    assertTrue(new InjectRun(home, "a").queued("Subject: s\n\n" + body).endsWith(body + "\n"));
  }

  @Test
  void noMemory() throws Exception {
    var run = new InjectRun(home);
    run.context.input(
        new java.io.InputStream() {
          @Override
          public int read() {
            throw new OutOfMemoryError("Java heap space");
          }
        });
    assertEquals(111, run.program().run(run.context));
    assertEquals("qmail-inject: fatal: out of memory\n", run.context.stderr());
  }

  /** Each is a message of its own, even within a second. */
  @Test
  void messageIdsAreUnique() throws Exception {
    Files.createDirectories(home);
    var program = new InjectRun(home).program();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      var run = new InjectRun(home);
      run.run(program, "\n");
      String message = run.context.queue.queued.get(0).message();
      assertTrue(message.matches("(?s).*\nMessage-ID: <20261104010607\\.\\d+\\.qmail@id.*"));
      ids.add(message.replaceAll("(?s).*Message-ID: (\\S+).*", "$1"));
    }
    assertEquals(100, ids.size());
  }

  @Test
  void anEmptyGroupAsHostLeavesNoSender() throws Exception {
    var run = new InjectRun(home, "a").with("QMAILSHOST", ":;").with("QMAILINJECT", "r");
    run.queued("\n");
    assertEquals("F/Ta@dh.dd.example//", run.envelope());
  }

  @Test
  void addressesEndAtNul() throws Exception {
    var run = new InjectRun(home).with("QMAILINJECT", "r");
    assertTrue(
        run.queued("Return-Path: s\0x@h\nTo: a\0b@c, d\n")
            .contains("To: \"a\0b\"@c.dd.example, d@"));
    assertEquals("Fs/Td@dh.dd.example/Ta//", run.envelope());
  }

  /** Folded as {@code From} is, spec 30 section 7.6. */
  @Test
  void resentFrom() throws Exception {
    String host = "h".repeat(30) + ".example," + "i".repeat(4) + ".example";
    var run = new InjectRun(home).with("MAILHOST", host);
    String from = "From: joe@" + host.replace(",", ", ") + "@dh.dd.example";
    assertTrue(run.queued("Resent-To: a\n\n").contains("\nResent-" + from + "\n"), from);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "me"})
  void controlFilesThatAreMissing(String file) throws Exception {
    Map<String, String> files = file.isEmpty() ? Map.of() : Map.of(file, "m.example\n");
    var run = new InjectRun(home, "a");
    run.run(new InjectProgram(new FakeControl(home, files), () -> InjectRun.NOW), "\n");
    assertEquals(
        file.isEmpty()
            ? "Fjoe@defaulthost.defaultdomain/Ta@defaulthost.defaultdomain//"
            : "Fjoe@m.example/Ta@m.example//",
        run.envelope());
  }
}
