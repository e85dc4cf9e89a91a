package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.testkit.Background;

@Timeout(60)
class DrainTest {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(20);
  private final Harness harness = new Harness();

  @Test
  void aSessionMayEndByItself() throws Exception {
    try (var running = harness.with(new Echo("a")).start();
        var client = running.client()) {
      client.line();
      var removal = remove(LONG, LONG);
      assertEquals("a still here", client.ask("still here"));
      assertFalse(removal.isDone());
      assertEquals("bye", client.ask("quit"));
      removal.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void anIdleSessionIsTold() throws Exception {
    try (var running = harness.with(new Echo("a")).start();
        var client = running.client()) {
      client.line();
      var removal = remove(SHORT, LONG);
      assertEquals("421", client.line());
      assertNull(client.line());
      removal.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aBusySessionIsToldWhenItIsIdleAgain() throws Exception {
    var entered = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    harness.with(
        connection -> {
          entered.countDown();
          go.await(20, TimeUnit.SECONDS);
          assertTrue(connection.draining());
          Echo.say(connection, "done");
          connection.idle(true);
          Echo.say(connection, connection.in().read() == -1 ? "421" : "read");
        });
    try (var running = harness.start();
        var client = running.client()) {
      assertTrue(entered.await(20, TimeUnit.SECONDS));
      var removal = remove(Duration.ZERO, LONG);
      assertTrue(client.silent(300));
      go.countDown();
      assertEquals("done", client.line());
      assertEquals("421", client.line());
      removal.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aSessionThatStaysIsCut() throws Exception {
    harness.with(connection -> connection.in().read()); // never idle
    try (var running = harness.start();
        var client = running.client()) {
      client.silent(200);
      remove(SHORT, SHORT).get(10, TimeUnit.SECONDS);
      assertNull(client.line());
    }
  }

  @Test
  void aHandlerThatWaitsForSomethingElseIsInterrupted() throws Exception {
    var interrupted = new CompletableFuture<Boolean>();
    harness.with(
        connection -> {
          try {
            new CountDownLatch(1).await(20, TimeUnit.SECONDS);
            interrupted.complete(false);
          } catch (InterruptedException e) {
            interrupted.complete(true);
            throw e;
          }
        });
    try (var running = harness.start();
        var client = running.client()) {
      client.silent(200);
      remove(SHORT, SHORT).get(10, TimeUnit.SECONDS);
      assertTrue(interrupted.get(1, TimeUnit.SECONDS));
    }
  }

  @Test
  void aStopTellsIdleSessionsAtOnce() throws IOException {
    harness.drain = LONG;
    harness.with(new Echo("a")).start();
    try (var client = harness.client()) {
      client.line();
      long start = System.nanoTime();
      harness.close();
      assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5));
      assertEquals("421", client.line());
    }
  }

  @Test
  void aStopCutsBusySessionsAfterTheDrainTime() throws IOException {
    harness.drain = SHORT;
    harness.with(connection -> connection.in().read()).start();
    try (var client = harness.client()) {
      client.silent(200);
      harness.close();
      assertNull(client.line());
    }
  }

  @Test
  void aStopClosesClientsThatWaitForAHandler() throws IOException {
    harness.with(new Echo("a")).start();
    try (var first = harness.client()) {
      first.line();
      harness.handlers.remove(1);
      try (var waiting = harness.client()) {
        assertTrue(waiting.silent(200));
        long start = System.nanoTime();
        harness.close();
        assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(5));
      }
    }
  }

  private CompletableFuture<Void> remove(Duration grace, Duration told) {
    return Background.run(() -> Drain.run(harness.handlers.remove(1), "test", grace, told));
  }
}
