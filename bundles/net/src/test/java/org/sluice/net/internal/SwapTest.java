package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.api.net.ConnectionHandler;

@Timeout(120)
class SwapTest {
  private static final int CLIENTS = 20;
  private static final int SWAPS = 20;

  @Test
  void clientsWaitForAHandler() throws IOException {
    try (var running = new Harness().start();
        var client = running.client()) {
      assertTrue(client.silent(300));
      running.with(new Echo("late"));
      assertEquals("hello", client.line());
    }
  }

  @Test
  void theHighestRankingServesNewSessions() throws IOException {
    try (var running = new Harness().with(new Echo("low")).start();
        var old = running.client()) {
      old.line();
      running.handlers.add(2, 10, new Echo("high"));
      try (var client = running.client()) {
        client.line();
        assertEquals("high x", client.ask("x"));
        assertEquals("low x", old.ask("x"));
      }
      running.handlers.rank(2, -1);
      try (var client = running.client()) {
        client.line();
        assertEquals("low x", client.ask("x"));
      }
    }
  }

  @Test
  void noConnectionIsRefusedOrCutWhileHandlersAreSwapped() throws Exception {
    var over = new AtomicBoolean();
    var lateUse = new AtomicReference<String>();
    var pool = Executors.newFixedThreadPool(CLIENTS);
    try (var running = new Harness()) {
      Gone handler = new Gone(0, lateUse);
      running.handlers.add(0, 0, handler);
      running.start();
      var results = new ArrayList<Future<Integer>>();
      for (int i = 0; i < CLIENTS; i++) {
        results.add(pool.submit(sessions(running, over)));
      }
      for (int swap = 1; swap <= SWAPS; swap++) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(30));
        var sessions = running.handlers.remove(swap - 1);
        Drain.run(sessions, "swap", Duration.ofSeconds(30), Duration.ofSeconds(10));
        handler.gone = true;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        handler = new Gone(swap, lateUse);
        running.handlers.add(swap, 0, handler);
      }
      over.set(true);
      int served = 0;
      for (var result : results) {
        served += result.get(60, TimeUnit.SECONDS); // throws what the client saw
      }
      assertTrue(served > CLIENTS, "only " + served);
      assertEquals(null, lateUse.get());
    } finally {
      over.set(true);
      pool.shutdownNow();
    }
  }

  private static Callable<Integer> sessions(Harness running, AtomicBoolean over) {
    return () -> {
      int count = 0;
      while (!over.get()) {
        try (var client = running.client()) {
          assertEquals("hello", client.line());
          String first = client.ask("x");
          assertEquals(first, client.ask("x")); // one handler to the end
          assertEquals("bye", client.ask("quit"));
          count++;
        }
      }
      return count;
    };
  }

  /** Notes a use after its removal had returned. */
  private static final class Gone implements ConnectionHandler {
    private final int number;
    private final AtomicReference<String> lateUse;
    volatile boolean gone;

    Gone(int number, AtomicReference<String> lateUse) {
      this.number = number;
      this.lateUse = lateUse;
    }

    @Override
    public void handle(org.sluice.api.net.Connection connection) throws IOException {
      try {
        new Echo("h" + number).handle(connection);
      } finally {
        if (gone) {
          lateUse.set("handler " + number);
        }
      }
    }
  }
}
