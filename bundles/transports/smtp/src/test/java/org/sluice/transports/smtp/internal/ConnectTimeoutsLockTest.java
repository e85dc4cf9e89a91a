package org.sluice.transports.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.TimeoutTable;
import org.sluice.testkit.Background;
import org.sluice.testkit.Locker;
import org.sluice.transports.smtp.internal.ConnectTimeouts.Advice;

/** Many use the table at once: threads, and processes besides. */
class ConnectTimeoutsLockTest {
  private static final InstantSource CLOCK = () -> Instant.ofEpochSecond(1_000_000_000L);
  private static final int EACH = 10;
  private static final int GROUPS = 6;
  private static final int ROUNDS = 30;

  @TempDir Path home;
  private Path file;
  private ConnectTimeouts timeouts;

  @BeforeEach
  void start() {
    file = home.resolve("queue/lock/tcpto");
    timeouts = patient(home);
    timeouts.clear();
  }

  private static ConnectTimeouts patient(Path home) {
    return new ConnectTimeouts(home, CLOCK, Duration.ofMinutes(5));
  }

  private static InetAddress address(int group, int member) {
    return AddressLiteral.parse("10.0." + group + "." + member).orElseThrow();
  }

  /** What times out in a group. */
  private static void timeOut(ConnectTimeouts timeouts, int group) {
    for (int i = 0; i < EACH; i++) {
      timeouts.timedOut(address(group, i));
    }
  }

  /** Another process: the home directory and a group. Once for each octet that it is given. */
  public static void main(String[] arguments) throws IOException {
    do {
      System.out.write('r');
      System.out.flush();
    } while (System.in.read() >= 0 && again(arguments));
  }

  private static boolean again(String[] arguments) {
    timeOut(patient(Path.of(arguments[0])), Integer.parseInt(arguments[1]));
    return true;
  }

  private Process process(int group) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            ConnectTimeoutsLockTest.class.getName(),
            home.toString(),
            String.valueOf(group))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Each needs a free record of its own: two who take the same one lose one. */
  @Test
  void nothingIsLost() throws Exception {
    List<Process> processes = List.of(process(0), process(1));
    Set<String> expected = new TreeSet<>();
    for (int group = 0; group < GROUPS; group++) {
      for (int i = 0; i < EACH; i++) {
        expected.add("10.0." + group + "." + i + " 1");
      }
    }
    awaitReady(processes);
    for (int round = 0; round < ROUNDS; round++) {
      timeouts.clear();
      for (Process process : processes) {
        process.getOutputStream().write('g');
        process.getOutputStream().flush();
      }
      var threads = new ArrayList<CompletableFuture<Void>>();
      for (int group = processes.size(); group < GROUPS; group++) {
        int number = group;
        // Not the same object: it is the file that has the lock.
        threads.add(Background.run(() -> timeOut(patient(home), number)));
      }
      threads.forEach(CompletableFuture::join);
      awaitReady(processes);
      assertEquals(expected, records());
    }
    for (Process process : processes) {
      process.getOutputStream().close();
      assertEquals(0, process.waitFor());
    }
  }

  private static void awaitReady(List<Process> processes) throws IOException {
    for (Process process : processes) {
      assertEquals('r', process.getInputStream().read());
    }
  }

  private Set<String> records() throws IOException {
    byte[] table = Files.readAllBytes(file);
    Set<String> records = new TreeSet<>();
    for (int at = 0; at < table.length; at += 16) {
      if (table[at + 4] != 0) {
        records.add(
            "%d.%d.%d.%d %d"
                .formatted(table[at], table[at + 1], table[at + 2], table[at + 3], table[at + 4]));
      }
    }
    return records;
  }

  private void waitsFor(Locker locker) throws Exception {
    var thread = new Thread(() -> timeouts.timedOut(address(0, 0)));
    try (locker) {
      thread.start();
      while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive()) {
        Thread.onSpinWait();
      }
      assertTrue(thread.isAlive(), "it does not wait");
      assertEquals(Set.of(), records());
    }
    thread.join();
    assertEquals(Set.of("10.0.0.0 1"), records());
  }

  @Test
  void waitsForAnotherProcess() throws Exception {
    waitsFor(Locker.record(file));
  }

  /** The lock that qmail's own programs take. */
  @Test
  void waitsForAFlock() throws Exception {
    Assumptions.assumeTrue(Runtime.version().feature() >= 22, "this JVM has no flock");
    waitsFor(Locker.flock(file));
  }

  /** Closing any descriptor of the file would take the lock away from whoever has it here. */
  @Test
  void nobodyElseOfThisJvmOpensItMeanwhile() throws Exception {
    var thread = new Thread(timeouts::clear);
    try (var table = TimeoutTable.open(home, System.nanoTime())) {
      table.lock();
      thread.start();
      while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
        Thread.onSpinWait();
      }
      assertTrue(thread.isAlive(), "it does not wait");
    }
    thread.join();
  }

  @Test
  void isNotUsedIfItIsLockedForTooLong() throws Exception {
    timeouts.timedOut(address(0, 0));
    var hasty = new ConnectTimeouts(home, CLOCK, Duration.ofMillis(1));
    try (var locker = Locker.record(file)) {
      hasty.timedOut(address(0, 1));
      assertEquals(Advice.TRY, hasty.ask(address(0, 0), 0));
      assertTrue(locker.holds());
    }
    assertEquals(Set.of("10.0.0.0 1"), records());
    assertEquals(Advice.TRY_KNOWN, timeouts.ask(address(0, 0), 0));
  }

  @Test
  void anInterruptEndsTheWaitAndIsKept() throws Exception {
    Thread.currentThread().interrupt();
    timeouts.timedOut(address(0, 0));
    assertTrue(Thread.interrupted());
    assertEquals(Set.of(), records());
  }
}
