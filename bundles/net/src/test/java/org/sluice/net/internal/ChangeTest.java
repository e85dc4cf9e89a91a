package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.Background;

/** A change of the settings of a server that runs. */
@Timeout(60)
class ChangeTest {
  private final Harness harness = new Harness();

  @AfterEach
  void stop() {
    harness.close();
  }

  private Client greeted() throws IOException {
    var client = harness.client();
    assertEquals("hello", client.line());
    return client;
  }

  @Test
  void refusesAndCutsNobody() throws Exception {
    harness.drain = Duration.ZERO; // whoever is drained is cut at once
    harness.with(new Echo("a")).start();
    int port = harness.server.address().getPort();
    var over = new AtomicBoolean();
    CompletableFuture<Integer> clients =
        Background.supply(
            () -> {
              int served = 0;
              try {
                for (; !over.get(); served++) {
                  try (var client = new Client(port)) {
                    assertEquals("hello", client.line());
                    assertEquals("a x", client.ask("x"));
                  }
                }
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
              return served;
            });
    try (var old = greeted()) {
      for (int i = 0; i < 100; i++) {
        harness.limit = 41 + i % 2;
        harness.change();
        assertEquals("a " + i, old.ask("" + i));
      }
      over.set(true);
      assertTrue(clients.get(20, TimeUnit.SECONDS) > 0);
      assertEquals("bye", old.ask("quit"));
    } finally {
      over.set(true);
    }
  }

  @Test
  void sessionsKeepTheSettingsTheyBeganWith() throws IOException {
    harness.with(
        c -> {
          Echo.say(c, "hello");
          while (Echo.line(c) != null) {
            c.client(Map.of());
            Echo.say(c, c.environment().get("A"));
          }
        });
    harness.environment = Map.of("A", "before");
    harness.start();
    try (var old = greeted()) {
      harness.environment = Map.of("A", "after");
      harness.change();
      try (var next = greeted()) {
        assertEquals("before", old.ask("x"));
        assertEquals("after", next.ask("x"));
      }
    }
  }

  @Test
  void theyCountForTheNewLimit() throws IOException {
    harness.limit = 1;
    harness.leastRate = 0; // nobody makes room
    harness.with(new Echo("a")).start();
    try (var first = greeted();
        var second = harness.client()) {
      assertTrue(second.silent(200));
      harness.limit = 3;
      harness.change();
      assertEquals("hello", second.line());
      try (var third = greeted()) {
        harness.limit = 1;
        harness.change();
        try (var fourth = harness.client()) {
          first.ask("quit");
          second.ask("quit");
          assertTrue(fourth.silent(200));
          third.ask("quit");
          assertEquals("hello", fourth.line());
        }
      }
    }
  }

  @Test
  void andForThatOfTheirAddress() throws IOException {
    harness.with(new Echo("a")).start();
    try (var old = greeted()) {
      harness.perAddress = 1;
      harness.change();
      try (var client = harness.client()) {
        assertEquals("too many", client.line());
      }
      assertEquals("bye", old.ask("quit"));
      assertNull(old.line());
    }
    Wait.until(
        () -> {
          try (var client = harness.client()) {
            return "hello".equals(client.line());
          }
        });
  }

  @Test
  void movesToAnotherPort(@TempDir Path home) throws IOException {
    harness.home = home;
    harness.with(new Echo("a")).start();
    int before = harness.server.address().getPort();
    try (var old = greeted()) {
      harness.port = Harness.freePort();
      harness.change();
      assertEquals(harness.port, harness.server.address().getPort());
      assertEquals("127.0.0.1:" + harness.port + "\n", portFile(home, "echo"));
      Wait.until(() -> refused(before));
      try (var next = greeted()) {
        assertEquals("a x", next.ask("x"));
      }
      assertEquals("a y", old.ask("y"));
    }
    harness.close();
    assertFalse(Files.exists(home.resolve("run/echo.port")));
  }

  /** The socket of one address is in the way of that for all. */
  @Test
  void movesToAnotherAddressOfThePort() throws IOException {
    harness.with(new Echo("a")).start();
    harness.port = harness.server.address().getPort();
    harness.address = "0.0.0.0";
    harness.change();
    Wait.until(() -> harness.server.address() != null);
    try (var elsewhere =
        new Client(new java.net.Socket(InetAddress.getByName("127.0.0.2"), harness.port))) {
      assertEquals("hello", elsewhere.line());
    }
  }

  @Test
  void itsPortFileMayHaveAnotherName(@TempDir Path home) throws IOException {
    harness.home = home;
    harness.with(new Echo("a")).start();
    String before = portFile(home, "echo");
    harness.name = "other";
    harness.change();
    assertEquals(before, portFile(home, "other"));
    assertFalse(Files.exists(home.resolve("run/echo.port")));
  }

  @Test
  void waitsForAPortInUse(@TempDir Path home) throws IOException {
    harness.home = home;
    harness.with(new Echo("a")).start();
    int before = harness.server.address().getPort();
    try (var old = greeted()) {
      try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
        harness.port = taken.getLocalPort();
        harness.change();
        Wait.until(() -> refused(before));
        assertFalse(Files.exists(home.resolve("run/echo.port")));
      }
      Wait.until(() -> harness.server.address() != null);
      try (var next = greeted()) {
        assertEquals("a x", next.ask("x"));
      }
      assertEquals("a y", old.ask("y"));
    }
  }

  @Test
  void aStopDrainsSessionsOfBefore() throws IOException {
    harness.drain = Duration.ofSeconds(20);
    harness.with(new Echo("a")).start();
    try (var old = greeted()) {
      harness.limit = 3;
      harness.change();
      try (var next = greeted()) {
        harness.close();
        assertEquals("421", old.line());
        assertEquals("421", next.line());
      }
    }
  }

  @Test
  void aStopCutsSessionsOfBeforeThatStay() throws Exception {
    var entered = new CountDownLatch(1);
    harness.with(
        connection -> {
          entered.countDown();
          connection.in().read();
        });
    harness.start();
    try (var old = harness.client()) {
      assertTrue(entered.await(20, TimeUnit.SECONDS));
      harness.drain = Duration.ofMillis(200); // that of now
      harness.change();
      harness.close();
      assertNull(old.line());
    }
  }

  /** Not at once: a socket is closed when the thread that sleeps in accept() has woken. */
  private static boolean refused(int port) throws IOException {
    try (var client = new Client(port)) {
      return client.socket.isClosed();
    } catch (ConnectException e) {
      return true;
    }
  }

  private static String portFile(Path home, String name) throws IOException {
    return Files.readString(home.resolve("run").resolve(name + ".port"));
  }
}
