package org.sluice.base.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.DeliveryResult.Delivered;
import org.sluice.api.delivery.DeliveryResult.PermFail;
import org.sluice.api.delivery.DeliveryResult.TempFail;
import org.sluice.api.mail.MessageSource;

/** Spec 10 sections 7.2, 12.1 and 12.2, and what 12.6 has of them. */
@Timeout(120)
class SpawnerTest extends SpawnerFixture {
  /** Tells what was asked; recipients whose local part is a number wait until it is let go. */
  private static final class Scripted implements Spawner.Deliveries {
    final ConcurrentHashMap<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    final BlockingQueue<String> begun = new ArrayBlockingQueue<>(1000);

    @Override
    public String program() {
      return "qmail-local";
    }

    void letGo(String local) {
      gates.computeIfAbsent(local, l -> new CountDownLatch(1)).countDown();
    }

    @Override
    public DeliveryResult deliver(SpawnCommand command, MessageSource message)
        throws IOException, InterruptedException {
      begun.add(command.recipient());
      String local = command.local();
      if (local.matches("[0-9]+")) {
        gates.computeIfAbsent(local, l -> new CountDownLatch(1)).await();
      }
      try (var in = message.open()) {
        String body = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        return switch (local) {
          case "perm" -> new PermFail("no\n");
          case "temp" -> new TempFail("later\n");
          case "stop" -> new DeliveryResult.DeliveredStop("stopped");
          case "nul" -> new Delivered("abc\0def");
          case "throws" -> throw new IOException("broken");
          case "fails" -> throw new StackOverflowError();
          default ->
              new Delivered(
                  local + " at " + command.host() + " of " + command.sender() + ": " + body);
        };
      }
    }
  }

  private final Scripted scripted = new Scripted();

  private String answer(int slot, String id, String recipient) throws IOException {
    command(slot, id, recipient);
    return report();
  }

  private String answer(String recipient) throws IOException {
    return answer(0, "12/2165922", recipient);
  }

  @Test
  void lettersAndTexts() throws Exception {
    start(scripted);
    assertEquals("0Kjoe at h of s@x: Subject: x\n\nbody\n", answer("joe@h"));
    assertEquals("0Kjoe@a at b of s@x: Subject: x\n\nbody\n", answer("joe@a@b"));
    assertEquals("0Dno\n", answer("perm@h"));
    assertEquals("0Zlater\n", answer("temp@h"));
    assertEquals("0Kstopped", answer("stop@h"));
    assertEquals("0Kabc", answer("nul@h"));
    assertEquals("0Zqmail-local crashed.\n", answer("throws@h"));
    assertEquals("0Zqmail-local crashed.\n", answer("fails@h"));
    send("\005" + "12/2165922\0\0j\351\200\n@\377\0");
    assertEquals("5Kj\351\200\n at \377 of : Subject: x\n\nbody\n", report());
    assertEquals(0, end());
    assertEquals("", rest());
  }

  @Test
  void slots() throws Exception {
    start(scripted);
    assertEquals("119Dno\n", answer(119, "12/2165922", "perm@h"));
    String big = "ZInternal error: delnum too big. (#4.3.5)\n";
    assertEquals("120" + big, answer(120, "12/2165922", "perm@h"));
    assertEquals("255" + big, answer(255, "no id", "perm"), "before what follows");
    command(7, "1@h");
    assertEquals("perm@h", scripted.begun.take());
    assertEquals("1@h", scripted.begun.take(), "of all the others none");
  }

  @Test
  void messageIds() throws Exception {
    start(scripted);
    for (String id : new String[] {"abc", "../x", "4/1a", "/4/1", "-1", "x".repeat(200)}) {
      assertEquals(
          "3DInternal error: messid has nonnumerics. (#5.3.5)\n", answer(3, id, "perm"), id);
    }
    String unopened = "3Zqmail-spawn unable to open message. (#4.3.0)\n";
    String nines = "9".repeat(99);
    for (String id : new String[] {"4//1", "1/999999999", nines, "12/2165922/", "12/2165922/1"}) {
      assertEquals(unopened, answer(3, id, "perm@h"), id);
    }
    assertEquals("3DInternal error: messid too long. (#5.3.5)\n", answer(3, nines + "9", "perm"));
    assertEquals("3DInternal error: messid too short. (#5.3.5)\n", answer(3, "", "perm"));
    for (String none : new String[] {"noat", ""}) {
      assertEquals(
          "3DSorry, address must include host name. (#5.1.3)\n", answer(3, "1/1", none), none);
    }
    assertEquals("3Dno\n", answer(3, "12//2165922", "perm@h"), "as open(2) has it");
    assertTrue(scripted.begun.remove("perm@h") && scripted.begun.isEmpty(), "one delivery");
  }

  @Test
  void filesThatAreNoMessages() throws Exception {
    start(scripted);
    Path mess = home.resolve("queue/mess");
    String type = "0ZSorry, message has wrong type. (#4.3.5)\n";
    assertEquals(type, answer(0, "12", "perm@h"));
    assertEquals(type, answer(0, "12/", "perm@h"));
    assertEquals(
        0, new ProcessBuilder("mkfifo", mess.resolve("12/7").toString()).start().waitFor());
    assertEquals(type, answer(0, "12/7", "perm@h"), "and nobody waits for a writer");
    Files.createSymbolicLink(mess.resolve("12/8"), mess.resolve("12/2165922"));
    assertEquals("0Dno\n", answer(0, "12/8", "perm@h"), "links are followed");
    Files.createSymbolicLink(mess.resolve("12/9"), Path.of("nothing"));
    assertEquals("0Zqmail-spawn unable to open message. (#4.3.0)\n", answer(0, "12/9", "perm@h"));
  }

  @Test
  void theOwnerOfTheDirectoryOwnsTheMessages() throws Exception {
    Path file = home.resolve("queue/mess/12/2165922");
    int uid = (Integer) Files.getAttribute(file, "unix:uid");
    var refusal =
        assertThrows(
            SpawnRefusal.class,
            () -> new MessageFiles(home.resolve("queue/mess"), uid + 1).find("12/2165922"));
    assertEquals(new TempFail("Sorry, message has wrong owner. (#4.3.5)\n"), refusal.report());
    Assumptions.assumeTrue(uid == 0, "only root can give files away");
    start(scripted);
    Files.setAttribute(file, "unix:uid", 54321);
    assertEquals("0ZSorry, message has wrong owner. (#4.3.5)\n", answer("perm@h"));
    Files.setAttribute(home.resolve("queue/mess"), "unix:uid", 54321);
    assertEquals(
        "0ZSorry, message has wrong owner. (#4.3.5)\n", answer("perm@h"), "as it was at the start");
    assertEquals(0, end());
  }

  @Test
  void reportsComeInOrderOfCompletionAndSlotsAreFreeThen() throws Exception {
    start(scripted);
    for (int slot = 0; slot < Spawner.LIMIT; slot++) {
      command(slot, slot + "@h");
    }
    for (int slot = 0; slot < Spawner.LIMIT; slot++) {
      scripted.begun.take();
    }
    assertEquals(
        "5ZInternal error: delnum in use. (#4.3.5)\n", answer(5, "no id", "perm"), "then the id");
    for (int slot : new int[] {77, 5, 119, 0}) {
      scripted.letGo(Integer.toString(slot));
      assertTrue(report().startsWith(slot + "K" + slot + " at h"));
      assertEquals(slot + "Dno\n", answer(slot, "12/2165922", "perm@h"));
    }
    for (int slot = 0; slot < Spawner.LIMIT; slot++) {
      scripted.letGo(Integer.toString(slot));
    }
    assertEquals(0, end());
    assertEquals(Spawner.LIMIT - 4, rest().chars().filter(c -> c == 0).count(), "without slot 0");
  }

  @Test
  void theEndWaitsForDeliveriesAndDropsHalfACommand() throws Exception {
    start(scripted);
    command(1, "1@h");
    scripted.begun.take();
    send("\00212/2165922\0s@x\0perm@h");
    var ending = new Thread(() -> scripted.letGo("1"));
    assertThrows(TimeoutException.class, () -> status.get(50, TimeUnit.MILLISECONDS));
    ending.start();
    assertEquals(0, end());
    assertEquals("\001K1 at h of s@x: Subject: x\n\nbody\n\0", rest());
    assertTrue(scripted.begun.isEmpty());
  }

  @Test
  void aReaderThatHasGoneDoesNotStopDeliveries() throws Exception {
    start(scripted);
    deaf();
    command(0, "first@h");
    command(1, "second@h");
    command(2, "noat");
    command(3, "third@h");
    assertEquals(0, end());
    assertEquals(3, scripted.begun.size());
  }

  @Test
  void aCommandBeyondAllMeasure() throws Exception {
    start(scripted);
    command(9, "perm@" + "h".repeat(SpawnCommands.LONGEST));
    assertEquals("9Zqmail-spawn out of memory. (#4.3.0)\n", report());
    assertEquals("9Dno\n", answer(9, "12/2165922", "perm@h"), "the next one is whole");
  }

  @Test
  void withoutAQueue() throws Exception {
    home = home.resolve("elsewhere");
    run(scripted);
    assertEquals(111, status.get(60, TimeUnit.SECONDS));
    assertEquals("", rest());
  }

  @Test
  void beginningMayEndIt() throws Exception {
    run(
        new Spawner.Deliveries() {
          @Override
          public String program() {
            return "none";
          }

          @Override
          public OptionalInt begin() {
            return OptionalInt.of(100);
          }

          @Override
          public DeliveryResult deliver(SpawnCommand command, MessageSource message) {
            throw new AssertionError("nothing was asked");
          }
        });
    assertEquals(100, status.get(60, TimeUnit.SECONDS));
    assertEquals("", rest());
  }

  @Test
  void afterAnInterruptDeliveriesEndAndNoneBegins() throws Exception {
    start(scripted);
    command(1, "1@h");
    scripted.begun.take();
    thread.interrupt();
    assertThrows(TimeoutException.class, () -> status.get(50, TimeUnit.MILLISECONDS));
    scripted.letGo("1");
    assertEquals(0, status.get(60, TimeUnit.SECONDS));
    assertEquals("\001K1 at h of s@x: Subject: x\n\nbody\n\0", rest());
  }

  @Test
  void afterAnotherTheyAreEnded() throws Exception {
    start(scripted);
    command(0, "1@h");
    scripted.begun.take();
    thread.interrupt();
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait(); // until it waits for deliveries and no more for commands
    }
    thread.interrupt();
    var e = assertThrows(ExecutionException.class, () -> status.get(60, TimeUnit.SECONDS));
    assertEquals(InterruptedException.class, e.getCause().getClass());
    assertEquals("\0Zqmail-local crashed.\n\0", rest());
  }
}
