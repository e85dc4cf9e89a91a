package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServerTest {
  private final Harness harness = new Harness();

  @Test
  void serves() throws IOException {
    try (var running = harness.with(new Echo("a")).start();
        var client = running.client()) {
      assertEquals("hello", client.line());
      assertEquals("a one", client.ask("one"));
      assertEquals("bye", client.ask("quit"));
      assertNull(client.line());
    }
  }

  @Test
  void tellsWhereItListens(@TempDir Path home) throws IOException {
    harness.home = home;
    Path file = home.resolve("run/echo.port");
    try (var running = harness.start()) {
      int port = running.server.address().getPort();
      assertEquals("127.0.0.1:" + port + "\n", Files.readString(file));
    }
    assertFalse(Files.exists(file));
  }

  @Test
  void oneTooManyWaitsForASlot() throws IOException {
    harness.limit = 1;
    try (var running = harness.with(new Echo("a")).start();
        var first = running.client();
        var second = running.client()) {
      assertEquals("hello", first.line());
      assertTrue(second.silent(300));
      first.ask("quit");
      assertEquals("hello", second.line());
    }
  }

  @Test
  void closesOneTooManyFromAnAddress() throws IOException {
    harness.perAddress = 1;
    try (var running = harness.with(new Echo("a")).start();
        var first = running.client();
        var second = running.client()) {
      assertEquals("hello", first.line());
      assertEquals("too many", second.line());
      assertNull(second.line());
      first.ask("quit");
      assertNull(first.line());
      Wait.until(
          () -> {
            try (var third = running.client()) {
              return "hello".equals(third.line());
            }
          });
    }
  }

  @Test
  void setsTheEnvironment() throws IOException {
    harness.environment = Map.of("RELAYCLIENT", "", "A", "config");
    harness.rules = (ip, host, info) -> new Verdict(false, Map.of("A", "rule"));
    harness.with(c -> Echo.say(c, new java.util.TreeMap<>(c.environment()).toString()));
    try (var running = harness.start();
        var client = running.client()) {
      assertEquals(
          "{A=rule, PROTO=TCP, RELAYCLIENT=, TCPLOCALHOST=here.example, TCPLOCALIP=127.0.0.1,"
              + (" TCPLOCALPORT=" + client.socket.getPort() + ", TCPREMOTEIP=127.0.0.1,")
              + (" TCPREMOTEPORT=" + client.socket.getLocalPort() + "}"),
          client.line());
    }
  }

  @Test
  void closesADeniedClientWithoutAByte() throws IOException {
    harness.rules = (ip, host, info) -> new Verdict(true, Map.of());
    try (var running = harness.with(new Echo("a")).start();
        var client = running.client()) {
      assertNull(client.line());
    }
  }

  @Test
  void dropsClientsWhenTheRulesCannotBeRead() throws IOException {
    harness.rules =
        (ip, host, info) -> {
          throw new IOException("gone");
        };
    try (var running = harness.with(new Echo("a")).start();
        var client = running.client()) {
      assertNull(client.line());
    }
  }

  @Test
  void aFailingHandlerCostsOnlyItsConnection() throws IOException {
    harness.limit = 1;
    var failing = new CountDownLatch(2);
    harness.with(
        connection -> {
          failing.countDown();
          if (failing.getCount() > 0) {
            throw new IllegalStateException("bug");
          }
          new Echo("a").handle(connection);
        });
    try (var running = harness.start();
        var first = running.client();
        var second = running.client()) {
      assertNull(first.line());
      assertEquals("hello", second.line());
    }
  }

  @Test
  void waitsForAnAddressInUse() throws IOException {
    try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
      harness.port = taken.getLocalPort();
      harness.with(new Echo("a")).start();
      assertNull(harness.server.address());
    }
    try (harness) {
      Wait.until(() -> harness.server.address() != null);
      try (var client = harness.client()) {
        assertEquals("hello", client.line());
      }
    }
  }

  @Test
  void stopsWhileTheAddressIsInUse() throws IOException {
    try (var taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
      harness.port = taken.getLocalPort();
      long start = System.nanoTime();
      harness.start().close();
      assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(4));
    }
  }
}
