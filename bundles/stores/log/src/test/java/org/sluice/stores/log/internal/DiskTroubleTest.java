package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueAction;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.testkit.Mail;

/** A disk that is full, or fails to write or force: mail is refused, nothing taken is lost. */
class DiskTroubleTest {
  private static final int BIG = 9000; // above the limit: a file of its own
  private final Map<QueueId, byte[]> acknowledged = new HashMap<>();
  private MemoryDisk disk = new MemoryDisk();
  private LogStore store;

  @BeforeEach
  void open() throws IOException {
    store = new LogStore(disk, LogStoreTest.SMALL, Clock.systemUTC());
  }

  @AfterEach
  void nothingIsLostAndNoForceWasRepeated() throws IOException {
    assertEquals(List.of(), disk.forcedAgain);
    for (int seed = 0; seed < 8; seed++) {
      compare(disk.afterCut(MemoryDisk.random(seed)));
    }
    store.close();
    compare(disk);
  }

  private void compare(MemoryDisk found) throws IOException {
    try (var again = new LogStore(found, LogStoreTest.SMALL, Clock.systemUTC())) {
      assertEquals(acknowledged.size(), again.statistics().messages());
      for (var one : acknowledged.entrySet()) {
        assertArrayEquals(one.getValue(), Mail.read(again, one.getKey()));
      }
    }
  }

  private void take(int seed, int size) throws IOException {
    byte[] body = Mail.body(seed, size);
    acknowledged.put(Mail.commit(store, body, Mail.to("a")), body);
  }

  private void refuse(int seed, int size) {
    byte[] body = Mail.body(seed, size);
    assertThrows(IOException.class, () -> Mail.commit(store, body, Mail.to("a")));
  }

  private void deliver() throws IOException {
    for (var lease : Mail.lease(store, Channel.LOCAL)) {
      acknowledged.remove(lease.id());
      store.settle(lease, List.of(RecipientOutcome.done(0)), Optional.of(Mail.FAR));
    }
  }

  private String active() {
    return disk.list("").stream().max(String::compareTo).orElseThrow();
  }

  @Test
  void afterAFailedForceTheStoreGoesOnInANewSegment() throws IOException {
    take(1, 100);
    String first = active();
    disk.failForce = first::equals;
    refuse(2, 100);
    int writes = disk.writes.get(first);
    take(3, 100);
    take(4, 100);
    assertEquals(writes, disk.writes.get(first), "nothing more is written to it either");
    assertFalse(active().equals(first));
  }

  @Test
  void whileAllForcesFailAllMailIsRefused() throws IOException {
    take(1, 100);
    disk.failForce = name -> name.startsWith("segment");
    for (int i = 0; i < 5; i++) {
      refuse(i, 100);
      refuse(i, BIG);
    }
    disk.failForce = name -> false;
    take(6, 100);
    take(7, BIG);
  }

  @Test
  void whoeverSharedAFailedForceIsRefused() throws Exception {
    String first = active();
    var forces = new AtomicInteger();
    // The third force fails: with sixteen committers it is one that several wait for.
    disk.failForce = name -> name.equals(first) && forces.incrementAndGet() == 3;
    Map<QueueId, byte[]> taken = new ConcurrentHashMap<>();
    Set<Integer> refused = ConcurrentHashMap.newKeySet();
    var pool = Executors.newFixedThreadPool(16);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      int seed = i;
      all.add(
          pool.submit(
              () -> {
                byte[] body = Mail.body(seed, 50);
                try {
                  taken.put(Mail.commit(store, body, Mail.to("a")), body);
                } catch (IOException e) {
                  refused.add(seed);
                }
              }));
    }
    for (var one : all) {
      one.get();
    }
    pool.shutdown();
    acknowledged.putAll(taken);
    assertEquals(64, taken.size() + refused.size());
    assertFalse(refused.isEmpty());
  }

  @Test
  void anOutcomeOutlivesAFailedForceOfItsSegment() throws IOException {
    take(1, 100);
    deliver();
    disk.failForce = active()::equals;
    refuse(2, 100);
    disk.failForce = name -> false;
    assertEquals(0, store.statistics().messages());
    for (int i = 0; i < 20; i++) {
      store.apply(Mail.commit(store, Mail.body(i, 3000), Mail.to("z")), QueueAction.REMOVE);
      store.maintain();
    }
    take(3, 100); // by now the outcome's segment is gone, and the message with it
  }

  @Test
  void aFailedForceWhenTheSegmentIsFull() throws IOException {
    take(1, 100);
    var lease = Mail.lease(store, Channel.LOCAL).get(0);
    store.settle(lease, List.of(), Optional.of(Mail.FAR)); // written, not forced
    disk.failForce = active()::equals;
    for (int i = 0; i < 3; i++) {
      refuseOrTake(i);
    }
    disk.failForce = name -> false;
    take(9, 100);
  }

  private void refuseOrTake(int seed) {
    try {
      take(seed, 5900);
    } catch (IOException e) {
      assertTrue(e.getMessage().contains("I/O error"), e.toString());
    }
  }

  @Test
  void aWriteThatFailsIsLikeAForceThatFails() throws IOException {
    take(1, 100);
    String first = active();
    disk.failWrite = first::equals;
    refuse(2, 100);
    take(3, 100);
    disk.failWrite = name -> false;
    take(4, 100);
  }

  @Test
  void anOutcomeIsWrittenAgainElsewhere() throws IOException {
    take(1, 100);
    disk.failWrite = active()::equals;
    deliver(); // no exception: it went into the next segment
    take(2, 100);
  }

  @Test
  void aBodyWhoseForceFailedIsRefusedForGood() throws IOException {
    disk.failForce = name -> name.startsWith("bodies/");
    try (var stage = store.stage()) {
      stage.stream().write(Mail.body(1, BIG));
      assertThrows(IOException.class, () -> store.commit(stage, Mail.to("a")));
      disk.failForce = name -> false;
      assertThrows(IOException.class, () -> store.commit(stage, Mail.to("a")));
    }
    assertEquals(List.of(), disk.list("bodies"));
    take(2, BIG);
  }

  @Test
  void aBodyThatCannotBeWrittenLeavesNothing() throws IOException {
    disk.failWrite = name -> name.startsWith("bodies/");
    refuse(1, BIG);
    assertEquals(List.of(), disk.list("bodies"));
    take(2, 100);
  }

  @Test
  void aDirectoryWhoseForceFailedIsNotTrustedBeforeTheNextStart() throws IOException {
    disk.failForce = "bodies"::equals;
    refuse(1, BIG);
    disk.failForce = name -> false;
    refuse(2, BIG);
    take(3, 100);
    store.close();
    disk = disk.afterCut(new Random(1));
    open();
    take(4, BIG);
  }

  @Test
  void noErrorEndsTheRoundsOfTheBackground() throws Exception {
    store.close();
    var rounds = new CountDownLatch(3);
    var open = new AtomicBoolean();
    disk.failWrite = // each round wants to make the next segment
        name -> {
          if (open.get()) {
            rounds.countDown();
            throw new InternalError("for the test");
          }
          return false;
        };
    disk.capacity = 0; // so that there is none before the constructor has returned
    store = new LogStore(disk, new LogOptions(32 << 10, 6000, 2048, true), Clock.systemUTC());
    open.set(true);
    disk.capacity = Long.MAX_VALUE;
    assertTrue(rounds.await(60, TimeUnit.SECONDS));
    disk.failWrite = name -> false;
  }

  @Test
  void aSegmentThatCannotBeVoidedIsRemoved() throws IOException {
    String first = active();
    for (int i = 0; i < 12; i++) {
      take(i, 3000);
    }
    deliver();
    disk.failForce = first::equals;
    assertThrows(IOException.class, store::maintain);
    store.maintain();
    assertFalse(disk.list("").contains(first));
    take(20, 100);
  }

  @Test
  void aFullDiskRefusesMailTakesOutcomesAndRecovers() throws IOException {
    store.maintain();
    disk.capacity = 64 << 10;
    var refusal =
        assertThrows(
            IOException.class,
            () -> {
              for (int i = 0; i < 100; i++) {
                take(i, 4000);
              }
            });
    String why = refusal.getMessage();
    assertTrue(why.matches(".*disk full: \\d+ octets free, \\d+ needed for a log segment"), why);
    for (var lease : Mail.lease(store, Channel.LOCAL)) {
      store.settle(lease, List.of(), Optional.of(Mail.FAR)); // deferred, which takes space too
    }
    assertTrue(acknowledged.size() > 10);
    deliver();
    assertEquals(0, store.statistics().messages());
    try {
      store.maintain();
    } catch (IOException e) {
      assertTrue(e.getMessage().contains("disk full"));
    }
    take(1, 4000);
  }

  @Test
  void spaceThatReturnsIsUsedWithoutARestart() throws IOException {
    disk.capacity = 40 << 10;
    for (int i = 0; i < 6; i++) {
      take(i, 4000);
    }
    refuse(9, 4000);
    refuse(9, BIG);
    disk.capacity = Long.MAX_VALUE;
    take(10, 4000);
    take(11, BIG);
  }

  @Test
  void aStartOnAFullDiskDeliversWhatIsThere() throws IOException {
    for (int i = 0; i < 6; i++) {
      take(i, 4000);
    }
    store.close();
    disk.capacity = 0;
    open();
    refuse(9, 100);
    var lease = Mail.lease(store, Channel.LOCAL).get(0);
    assertArrayEquals(acknowledged.get(lease.id()), Mail.read(store, lease.id()));
    disk.capacity = Long.MAX_VALUE;
    acknowledged.remove(lease.id());
    store.settle(lease, List.of(RecipientOutcome.done(0)), Optional.of(Mail.FAR));
    take(10, 100);
  }
}
