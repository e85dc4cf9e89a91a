package org.sluice.delivery.mbox.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.DeliveryResult.Delivered;
import org.sluice.api.delivery.DeliveryResult.TempFail;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;
import org.sluice.testkit.Locker;
import org.sluice.testkit.SmallDisk;
import org.sluice.testkit.TestDelivery;

/** Locks and failures; contents are in the recorded runs of qmail-local. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MboxAgentTest {
  private static final DeliveryResult DONE = new Delivered("");
  private static final DeliveryResult TIMED_OUT =
      new TempFail("File has been locked for 30 seconds straight. (#4.3.0)\n");

  @TempDir Path home;
  private Path mailbox;
  private final MboxAgent hasty = new MboxAgent(Duration.ofMillis(300));
  private final MboxAgent patient = new MboxAgent(Duration.ofMinutes(2));

  @BeforeEach
  void make() throws IOException {
    mailbox = Files.writeString(home.resolve("Mailbox"), "keep\n");
  }

  private DeliveryResult deliver(MboxAgent agent) throws Exception {
    return agent.deliver(new TestDelivery(home).of("./Mailbox"));
  }

  private String content() throws IOException {
    return Files.readString(mailbox, StandardCharsets.ISO_8859_1);
  }

  @Test
  void aRecordLockOfAnotherProcess() throws Exception {
    try (var locker = Locker.record(mailbox)) {
      assertEquals(TIMED_OUT, deliver(hasty));
      assertEquals("keep\n", content());
      assertTrue(locker.holds());
    }
    assertEquals(DONE, deliver(patient));
    assertFalse(Files.exists(home.resolve("Mailbox.lock")));
  }

  @Test
  void aFlockOfAnotherProcess() throws Exception {
    Assumptions.assumeTrue(Runtime.version().feature() >= 22, "this JVM has no flock");
    try (var locker = Locker.flock(mailbox)) {
      assertEquals(TIMED_OUT, deliver(hasty));
      assertEquals("keep\n", content());
      assertTrue(locker.holds());
    }
    assertEquals(DONE, deliver(patient));
  }

  @Test
  void aNewMailboxIsPrivate() throws Exception {
    Files.delete(mailbox);
    Path dot = Files.createFile(home.resolve("Mailbox.lock"));
    assertEquals(TIMED_OUT, deliver(hasty));
    assertFalse(Files.exists(mailbox), "the dot-lock comes first");
    Files.delete(dot);
    assertEquals(DONE, deliver(hasty));
    assertEquals(0100600, Files.getAttribute(mailbox, "unix:mode"));
  }

  /** The server's umask is not what keeps it private. */
  @Test
  void whatALinkLeadsToIsMadeAsPrivate() throws Exception {
    Files.delete(mailbox);
    Path target = home.resolve("target");
    Files.createSymbolicLink(mailbox, target);
    assertEquals(DONE, deliver(hasty));
    assertEquals(0100600, Files.getAttribute(target, "unix:mode"));
  }

  @Test
  void aDotLockThatIsLeftBehindIsRemovedInTheEnd() throws Exception {
    Path dot = Files.createFile(home.resolve("Mailbox.lock"));
    assertEquals(TIMED_OUT, deliver(hasty));
    assertTrue(Files.exists(dot));
    Files.setLastModifiedTime(dot, FileTime.from(Instant.now().minus(Duration.ofMinutes(6))));
    assertEquals(DONE, deliver(hasty));
    assertFalse(Files.exists(dot));
  }

  @Test
  void aDotLockThatCannotBeMadeDoesNotMatter() throws Exception {
    Path name = home.resolve("x".repeat(252)); // with .lock too long
    assertEquals(DONE, patient.deliver(new TestDelivery(home).of("./" + name.getFileName())));
    assertTrue(Files.size(name) > 0);
  }

  /** A message that becomes unreadable, and whose reader is interrupted, leaves nothing. */
  @Test
  void anInterruptedDeliveryLeavesNothing() throws Exception {
    var delivery = new TestDelivery(home).message(new Failing(200_000));
    DeliveryResult result = patient.deliver(delivery.of("./Mailbox"));
    assertTrue(Thread.interrupted(), "the interrupt is kept for the caller");
    assertEquals(new TempFail("Unable to read message: input/output error. (#4.3.0)\n"), result);
    assertEquals("keep\n", content());
    assertEquals(DONE, deliver(patient), "all locks are free");
  }

  /** An interrupt between two blocks: the message is finished rather than torn. */
  @Test
  void anInterruptInTheMiddleTearsNothing() throws Exception {
    String body = "Subject: x\n\n" + "line\n".repeat(100_000);
    MessageSource plain = TestDelivery.message(body);
    MessageSource message =
        new Interrupting(plain.size()) {
          @Override
          public InputStream open() throws IOException {
            InputStream in = plain.open();
            return new InputStream() {
              @Override
              public int read() {
                throw new UnsupportedOperationException();
              }

              @Override
              public int read(byte[] block, int offset, int length) throws IOException {
                Thread.currentThread().interrupt();
                return in.read(block, offset, length);
              }
            };
          }
        };
    var delivery = new TestDelivery(home).message(message);
    assertEquals(DONE, patient.deliver(delivery.of("./Mailbox")));
    assertTrue(Thread.interrupted());
    assertTrue(content().endsWith(body + "\n"));
  }

  @Test
  void aFullDiskLeavesNothing() throws Exception {
    try (var disk = new SmallDisk(home.resolve("small"), 100)) {
      Path small = disk.path();
      Files.writeString(small.resolve("Mailbox"), "keep\n");
      var delivery =
          new TestDelivery(home).message(TestDelivery.message("A: b\n\n" + "x".repeat(200_000)));
      assertEquals(
          new TempFail("Unable to write small/Mailbox: out of disk space. (#4.3.0)\n"),
          patient.deliver(delivery.of("small/Mailbox")));
      assertEquals("keep\n", Files.readString(small.resolve("Mailbox")));
      assertEquals(DONE, patient.deliver(new TestDelivery(home).of("small/Mailbox")));
    }
  }

  @Test
  void aFileSizeLimitLeavesNothing() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    Process limited =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                "ulimit -f 20; exec \"$0\" \"$@\"",
                java,
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                MboxAgentTest.class.getName(),
                home.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(limited.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(limited.waitFor(2, TimeUnit.MINUTES));
    assertEquals("Unable to write ./Mailbox: file too big. (#4.3.0)\n", said);
    assertEquals("keep\n", content());
  }

  /** Delivers a large message below the directory given and prints why it cannot. */
  public static void main(String[] arguments) throws Exception {
    var delivery =
        new TestDelivery(Path.of(arguments[0]))
            .message(TestDelivery.message("A: b\n\n" + "x".repeat(200_000)));
    var result = new MboxAgent().deliver(delivery.of("./Mailbox"));
    System.out.print(result instanceof TempFail failure ? failure.why() : result.toString());
  }

  /** A message without a header to ask for. */
  private abstract static class Interrupting implements MessageSource {
    private final long size;

    Interrupting(long size) {
      this.size = size;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public Header header() {
      throw new UnsupportedOperationException();
    }
  }

  /** Interrupts its reader and then fails, some way in. */
  private static final class Failing extends Interrupting {
    private final int good;

    Failing(int good) {
      super(2L * good);
      this.good = good;
    }

    @Override
    public InputStream open() {
      return new InputStream() {
        private int left = good;

        @Override
        public int read() {
          throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] block, int offset, int length) throws IOException {
          if (left <= 0) {
            Thread.currentThread().interrupt();
            throw new IOException("Input/output error");
          }
          left -= length;
          return length;
        }
      };
    }
  }
}
