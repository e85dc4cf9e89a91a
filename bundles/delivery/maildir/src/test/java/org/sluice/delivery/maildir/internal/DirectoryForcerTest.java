package org.sluice.delivery.maildir.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever returns has had a force that began after its call. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DirectoryForcerTest {
  private static final Path DIRECTORY = Path.of("/maildir/new");

  @Test
  void everyEntryIsForcedBeforeItsCallReturns() throws Exception {
    Set<Integer> entries = ConcurrentHashMap.newKeySet();
    Set<Integer> onDisk = ConcurrentHashMap.newKeySet();
    var forces = new AtomicInteger();
    var forcer =
        new DirectoryForcer(
            directory -> {
              var seen = List.copyOf(entries);
              forces.incrementAndGet();
              Thread.onSpinWait();
              onDisk.addAll(seen);
            });
    var threads = Executors.newFixedThreadPool(16);
    List<Future<Boolean>> results =
        threads.invokeAll(
            java.util.stream.IntStream.range(0, 2000)
                .<java.util.concurrent.Callable<Boolean>>mapToObj(
                    i ->
                        () -> {
                          entries.add(i);
                          forcer.force(DIRECTORY);
                          return onDisk.contains(i);
                        })
                .toList());
    for (var result : results) {
      assertTrue(result.get());
    }
    threads.shutdown();
    assertTrue(forces.get() <= 2000);
  }

  @Test
  void oneForceServesAllThatWait() throws Exception {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var forces = new AtomicInteger();
    var forcer =
        new DirectoryForcer(
            directory -> {
              if (forces.incrementAndGet() == 1) {
                begun.countDown();
                await(go);
              }
            });
    var threads = Executors.newFixedThreadPool(9);
    var results = new java.util.ArrayList<Future<?>>();
    results.add(threads.submit(() -> force(forcer)));
    assertTrue(begun.await(1, TimeUnit.MINUTES));
    for (int i = 0; i < 8; i++) {
      results.add(threads.submit(() -> force(forcer)));
    }
    go.countDown();
    for (var result : results) {
      result.get();
    }
    threads.shutdown();
    assertTrue(forces.get() >= 2 && forces.get() <= 9, "forces: " + forces);
  }

  @Test
  void aFailureIsNotSharedAsASuccess() throws Exception {
    var forces = new AtomicInteger();
    var forcer =
        new DirectoryForcer(
            directory -> {
              if (forces.incrementAndGet() % 2 == 1) {
                throw new IOException("Input/output error");
              }
            });
    assertThrows(IOException.class, () -> forcer.force(DIRECTORY));
    forcer.force(DIRECTORY);
    assertEquals(2, forces.get());
  }

  private static Void force(DirectoryForcer forcer) throws IOException, InterruptedException {
    forcer.force(DIRECTORY);
    return null;
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertTrue(latch.await(1, TimeUnit.MINUTES));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
