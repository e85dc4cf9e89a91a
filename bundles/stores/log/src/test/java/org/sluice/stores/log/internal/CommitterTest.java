package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.Channel;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.testkit.Mail;

/** Who leads a group commit and meets what nobody expects leaves no other waiting. */
class CommitterTest {
  private final MemoryDisk disk = new MemoryDisk();
  private LogStore store;

  @BeforeEach
  void open() throws IOException {
    store = new LogStore(disk, LogStoreTest.SMALL, Clock.systemUTC());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static boolean broken() {
    throw new InternalError("for the test");
  }

  private int queued() {
    return (int) store.statistics().messages();
  }

  private void reopen() throws IOException {
    store.close();
    open();
  }

  @Test
  void anErrorOfTheLeaderIsToldToAllOfItsBatch() throws Exception {
    var entered = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var forces = new AtomicInteger();
    disk.failForce =
        name -> {
          if (name.startsWith("segment") && forces.incrementAndGet() == 1) {
            entered.countDown();
            join(go);
          }
          return false;
        };
    List<FutureTask<String>> all = new ArrayList<>();
    all.add(committer(0));
    entered.await();
    var others = new ArrayList<Thread>();
    for (int i = 1; i < 5; i++) {
      all.add(committer(i));
      others.add(threads.get(i));
    }
    for (Thread other : others) {
      while (other.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    var writes = new AtomicInteger();
    disk.failWrite = name -> writes.incrementAndGet() == 1 && broken();
    go.countDown();
    var results = new ArrayList<String>();
    for (var one : all) {
      results.add(one.get(60, TimeUnit.SECONDS)); // else it would hang for ever
    }
    assertEquals(List.of("taken", "refused", "refused", "refused", "refused"), results);
    Mail.commit(store, Mail.body(9, 100), Mail.to("later"));
    assertEquals(2, queued());
    reopen();
    assertEquals(2, queued());
  }

  private final List<Thread> threads = new ArrayList<>();

  private FutureTask<String> committer(int seed) {
    var task =
        new FutureTask<>(
            () -> {
              try {
                Mail.commit(store, Mail.body(seed, 100), Mail.to("a"));
                return "taken";
              } catch (IOException e) {
                return e.getCause() instanceof InternalError ? "refused" : e.toString();
              }
            });
    var thread = new Thread(task);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
    return task;
  }

  private static void join(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anErrorWhileTheNextSegmentIsMadeRefusesOneBatch() throws IOException {
    disk.failWrite = name -> name.equals("segment-2") && broken();
    int taken = 0;
    IOException refused = null;
    for (int i = 0; refused == null; i++) {
      try {
        Mail.commit(store, Mail.body(i, 5000), Mail.to("a"));
        taken++;
      } catch (IOException e) {
        refused = e;
      }
    }
    assertTrue(refused.getCause() instanceof InternalError, refused.toString());
    assertTrue(disk.list("").stream().noneMatch("segment-2"::equals), "given up: " + disk.list(""));
    for (int i = 0; i < 20; i++) {
      Mail.commit(store, Mail.body(i, 5000), Mail.to("a"));
    }
    assertEquals(taken + 20, queued());
    reopen();
    assertEquals(taken + 20, queued());
  }

  @Test
  void aMessageWhoseOutcomeMeetsAnErrorCanBeSettledAgain() throws IOException {
    Mail.commit(store, Mail.body(1, 100), Mail.to("a"));
    var lease = Mail.lease(store, Channel.LOCAL).get(0);
    List<RecipientOutcome> done = List.of(RecipientOutcome.done(0));
    disk.failWrite = name -> broken();
    assertThrows(IOException.class, () -> store.settle(lease, done, Optional.of(Mail.FAR)));
    disk.failWrite = name -> false;
    assertTrue(store.settle(lease, done, Optional.of(Mail.FAR)));
    reopen();
    assertEquals(0, queued());
  }

  @Test
  void refusedMailThatComesBackHasItsBody() throws IOException {
    byte[] body = Mail.body(1, 9000);
    disk.failForce = name -> name.startsWith("segment");
    assertThrows(IOException.class, () -> Mail.commit(store, body, Mail.to("a")));
    var random = new Random(1);
    int back = 0;
    for (int cut = 0; cut < 50; cut++) {
      MemoryDisk found = disk.afterCut(random);
      try (var again = new LogStore(found, LogStoreTest.SMALL, Clock.systemUTC())) {
        if (again.statistics().messages() > 0) {
          back++;
          assertArrayEquals(body, Mail.read(again, new QueueId(1)));
        }
      }
    }
    assertTrue(back > 0);
    disk.failForce = name -> false;
    reopen();
    int files = disk.list(Stage.DIRECTORY).size();
    assertEquals(queued(), files, "one that is not wanted is removed");
  }
}
