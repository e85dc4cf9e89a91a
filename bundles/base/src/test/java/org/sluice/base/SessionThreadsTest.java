package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionThreadsTest {
  private final SessionThreads threads = new SessionThreads("s-", 2);
  private final BlockingQueue<String> names = new LinkedBlockingQueue<>();

  @AfterEach
  void shutdown() {
    threads.shutdown();
  }

  /** Begins so many sessions, as who accepts connections does: by turns on the threads. */
  private void begin(AtomicInteger left, Runnable session) {
    while (left.getAndDecrement() > 0) {
      var own = threads.place(session, () -> begin(left, session));
      if (own.isPresent()) {
        own.get().run();
        return;
      }
    }
  }

  /** Sessions that are there together, by the names of their threads. */
  private List<String> together(int sessions) throws InterruptedException {
    var end = new CountDownLatch(1);
    var ended = new CountDownLatch(sessions);
    Runnable session =
        () -> {
          names.add(Thread.currentThread().getName());
          try {
            end.await();
          } catch (InterruptedException e) {
            names.add("interrupted");
          }
          ended.countDown();
        };
    var left = new AtomicInteger(sessions);
    threads.start(() -> begin(left, session));
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      seen.add(names.poll(20, TimeUnit.SECONDS));
    }
    end.countDown();
    assertTrue(ended.await(20, TimeUnit.SECONDS));
    return seen;
  }

  @Test
  void theFirstAreOnPlatformThreadsAndNobodyWaits() throws Exception {
    List<String> seen = together(5);
    assertEquals(2, seen.stream().filter(name -> !name.startsWith("s-v")).count(), seen.toString());
    assertEquals(5, Set.copyOf(seen).size());
  }

  @Test
  void aSessionIsServedByTheThreadThatAcceptedIt() throws Exception {
    var accepted = new LinkedBlockingQueue<String>();
    threads.start(
        () -> {
          accepted.add(Thread.currentThread().getName());
          Runnable session = () -> names.add(Thread.currentThread().getName());
          threads
              .place(session, () -> accepted.add(Thread.currentThread().getName()))
              .ifPresent(Runnable::run);
        });
    String first = accepted.poll(20, TimeUnit.SECONDS);
    assertNotEquals(first, accepted.poll(20, TimeUnit.SECONDS));
    assertEquals(first, names.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void aPlaceIsFreeForTheNextEvenAfterAFailure() throws Exception {
    for (int i = 0; i < 3; i++) {
      Runnable bug =
          () -> {
            throw new IllegalStateException("a bug");
          };
      var own = threads.place(bug, () -> {});
      assertThrows(IllegalStateException.class, () -> own.orElseThrow().run());
    }
    assertEquals(List.of(false), together(1).stream().map(n -> n.startsWith("s-v")).toList());
  }

  @Test
  void nothingBeginsAfterTheEnd() {
    threads.shutdown();
    for (int i = 0; i < 3; i++) { // one more than there are places: none is taken by what failed
      assertThrows(RejectedExecutionException.class, () -> threads.place(() -> {}, () -> {}));
    }
    assertThrows(RejectedExecutionException.class, () -> threads.start(() -> {}));
  }
}
