package org.sluice.delivery.command.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.base.FileMessage;
import org.sluice.base.program.SearchPath;
import org.sluice.testkit.TestDelivery;

/** Programs by way of the shell, well and badly behaved. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ShellAgentTest {
  private static final Duration LONG = Duration.ofMinutes(4);
  private static final String KILLED = "Aack, child crashed. (#4.3.0)\n";

  @TempDir Path home;

  private static DeliveryResult run(Duration limit, Delivery delivery) throws InterruptedException {
    return new ShellAgent(limit).deliver(delivery);
  }

  /** All octets that may be in an argument. */
  private static String octets() {
    var out = new StringBuilder();
    for (char c = 1; c < 256; c++) {
      out.append(c);
    }
    return out.toString();
  }

  @Test
  void allOctetsOfVariablesReachTheProgram() throws Exception {
    var delivery = new TestDelivery(home);
    for (String name : new String[] {"SENDER", "LOCAL", "EXT", "DTLINE"}) {
      delivery.with(name, octets() + "\n\n");
    }
    assertEquals(
        new DeliveryResult.Delivered(""),
        run(LONG, delivery.of("printf '%s|' \"$SENDER\" \"$LOCAL\" \"$EXT\" \"$DTLINE\"")));
    assertEquals((octets() + "\n\n|").repeat(4), delivery.text());
  }

  @Test
  void allOctetsOfCommandsReachTheShell() throws Exception {
    var delivery = new TestDelivery(home);
    String quoted = octets().replace("'", "'\\''");
    assertEquals(
        new DeliveryResult.Delivered(""), run(LONG, delivery.of("printf %s '" + quoted + "'")));
    assertEquals(octets(), delivery.text());
  }

  @Test
  void homesOutsideAscii() throws Exception {
    Path cafe = Files.createDirectory(home.resolve("caf\u00e9"));
    var delivery = new TestDelivery(cafe);
    assertEquals(new DeliveryResult.Delivered(""), run(LONG, delivery.of("pwd")));
    assertEquals(
        cafe.toRealPath() + "\n",
        new String(delivery.printed.toByteArray(), StandardCharsets.UTF_8));
  }

  @Test
  void aMessageInAFileIsNotCopied() throws Exception {
    Path file = Files.writeString(home.resolve("mess"), "Subject: x\n\nin a file\n");
    var delivery = new TestDelivery(home).message(new FileMessage(file));
    run(LONG, delivery.of("head -n 1 >/dev/null; cat; readlink /proc/self/fd/0"));
    assertTrue(delivery.text().endsWith("in a file\n" + file.toRealPath() + "\n"));
  }

  @Test
  void bothOutputsInTheirOrder() throws Exception {
    var delivery = new TestDelivery(home);
    run(LONG, delivery.of("echo 1; echo 2 >&2; echo 3"));
    assertEquals("1\n2\n3\n", delivery.text());
  }

  /** As much as a runaway program prints passes through; nothing of it stays. */
  @Test
  void aGigabyteOfOutput() throws Exception {
    var count = new AtomicLong();
    var counter =
        new OutputStream() {
          @Override
          public void write(int octet) {
            count.incrementAndGet();
          }

          @Override
          public void write(byte[] octets, int offset, int length) {
            count.addAndGet(length);
          }
        };
    Delivery plain = new TestDelivery(home).of("head -c 1073741824 /dev/zero");
    var delivery =
        new Delivery(
            plain.instruction(),
            plain.user(),
            plain.sender(),
            plain.recipient(),
            plain.returnPath(),
            plain.deliveredTo(),
            plain.fromLine(),
            plain.environment(),
            plain.message(),
            plain.queue(),
            counter,
            counter);
    assertEquals(new DeliveryResult.Delivered(""), run(LONG, delivery));
    assertEquals(1L << 30, count.get());
  }

  @Test
  void aReaderThatGoesEndsTheProgram() throws Exception {
    Delivery plain = new TestDelivery(home).of("");
    var broken =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    var delivery =
        new Delivery(
            "yes",
            plain.user(),
            plain.sender(),
            plain.recipient(),
            plain.returnPath(),
            plain.deliveredTo(),
            plain.fromLine(),
            plain.environment(),
            plain.message(),
            plain.queue(),
            broken,
            broken);
    assertEquals(new DeliveryResult.TempFail(KILLED), run(LONG, delivery));
  }

  @Test
  void aMessageThatNobodyReadsHoldsNothingUp() throws Exception {
    String large = "Subject: x\n\n" + "line\n".repeat(1_000_000);
    var delivery = new TestDelivery(home).message(TestDelivery.message(large));
    assertEquals(new DeliveryResult.Delivered(""), run(LONG, delivery.of("exit 0")));
  }

  /** Children, their children, and one that has left its parent: none survives the limit. */
  @Test
  void theWholeTreeIsKilledAtTheLimit() throws Exception {
    var delivery = new TestDelivery(home);
    String command =
        "trap '' TERM HUP INT\n"
            + "sleep 1000 & echo $! >>pids\n"
            + "(sh -c 'trap \"\" TERM; sleep 1001 & echo $! >>pids; echo $$ >>pids; wait' &)\n"
            + "echo $$ >>pids; echo started; while :; do sleep 1; done";
    List<String> pids = List.of();
    // A slow machine may need longer to start them.
    for (int seconds = 1; pids.size() < 4; seconds *= 2) {
      Files.deleteIfExists(home.resolve("pids"));
      assertEquals(
          new DeliveryResult.TempFail(KILLED),
          run(Duration.ofSeconds(seconds), delivery.of(command)));
      if (Files.exists(home.resolve("pids"))) {
        pids = Files.readAllLines(home.resolve("pids"));
      }
    }
    assertTrue(delivery.text().endsWith("started\n"), delivery.text());
    for (String pid : pids) {
      ended(Long.parseLong(pid));
    }
  }

  @Test
  void anInterruptKillsIt() throws Exception {
    var delivery = new TestDelivery(home);
    Thread.currentThread().interrupt();
    assertThrows(
        InterruptedException.class, () -> run(LONG, delivery.of("echo $$ >pid; exec sleep 1000")));
    assertFalse(Thread.interrupted());
  }

  /** It does not delay the delivery, and what it prints later does not get into the report. */
  @Test
  void aChildInTheBackground() throws Exception {
    var delivery = new TestDelivery(home);
    String command =
        "(while [ ! -e go ]; do sleep 0.1; done; touch done; echo late) & echo $! >pid; echo early";
    assertEquals(new DeliveryResult.Delivered(""), run(LONG, delivery.of(command)));
    assertEquals("early\n", delivery.text());
    Files.createFile(home.resolve("go"));
    ended(Long.parseLong(Files.readString(home.resolve("pid")).strip()));
    assertTrue(Files.exists(home.resolve("done")), "it went on");
    assertEquals("early\n", delivery.text());
  }

  @Test
  void limitsHoldForTheProgram() throws Exception {
    var agent = new ShellAgent(new Limits(LONG, 7, 500, 3, 40, 2000), SearchPath.of("/dist"));
    var delivery = new TestDelivery(home);
    agent.deliver(
        delivery.of(
            "ulimit -t; ulimit -v; ulimit -f; ulimit -n; awk '/^Max processes/ {print $3}' /proc/self/limits; echo $PATH"));
    assertEquals("7\n512000\n6144\n40\n2000\n/dist/bin:/usr/bin:/bin\n", delivery.text());
    var large = new TestDelivery(home);
    assertEquals(
        new DeliveryResult.TempFail(KILLED),
        agent.deliver(large.of("exec head -c 4000000 /dev/zero >big")));
    assertEquals(3 << 20, Files.size(home.resolve("big")));
  }

  @Test
  void limitsThatCannotBeSetDefer() throws Exception {
    var agent = new ShellAgent(new Limits(LONG, 0, 0, 0, 1L << 40, 0), SearchPath.of(null));
    var delivery = new TestDelivery(home);
    assertTrue(
        agent.deliver(delivery.of("echo ran")) instanceof DeliveryResult.TempFail, "delivered");
    assertFalse(delivery.text().contains("ran"));
  }

  @Test
  void aHomeThatIsGone() throws Exception {
    Path gone = Files.createDirectory(home.resolve("gone"));
    var delivery = new TestDelivery(gone);
    Files.delete(gone);
    assertEquals(
        new DeliveryResult.TempFail("Unable to run /bin/sh: file does not exist. (#4.3.0)\n"),
        run(LONG, delivery.of("exit 0")));
  }

  private static void ended(long pid) throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      // A killed process that init has not yet been told of is dead enough.
      if (ProcessHandle.of(pid).map(p -> !p.isAlive() || zombie(pid)).orElse(true)) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError("process " + pid + " lives on");
  }

  private static boolean zombie(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
    } catch (IOException e) {
      return true;
    }
  }
}
