package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionThreadsTest {
  private final SessionThreads threads = new SessionThreads("s-", 2);
  private final BlockingQueue<String> names = new LinkedBlockingQueue<>();

  @AfterEach
  void shutdown() {
    threads.shutdown();
  }

  /** Sessions that are there together, by the names of their threads. */
  private List<String> together(int sessions) throws InterruptedException {
    var end = new CountDownLatch(1);
    var ended = new CountDownLatch(sessions);
    for (int i = 0; i < sessions; i++) {
      threads.execute(
          () -> {
            names.add(Thread.currentThread().getName());
            try {
              end.await();
            } catch (InterruptedException e) {
              names.add("interrupted");
            }
            ended.countDown();
          });
    }
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
  void aThreadIsFreeForTheNextEvenAfterAFailure() throws Exception {
    for (int i = 0; i < 3; i++) {
      var failed = new CountDownLatch(1);
      threads.execute(
          () -> {
            Thread.currentThread().setUncaughtExceptionHandler((t, e) -> failed.countDown());
            throw new IllegalStateException("a bug");
          });
      assertTrue(failed.await(20, TimeUnit.SECONDS));
    }
    assertEquals(List.of(false), together(1).stream().map(n -> n.startsWith("s-v")).toList());
  }

  @Test
  void nothingBeginsAfterTheEnd() {
    threads.shutdown();
    assertThrows(RejectedExecutionException.class, () -> threads.execute(() -> {}));
  }
}
