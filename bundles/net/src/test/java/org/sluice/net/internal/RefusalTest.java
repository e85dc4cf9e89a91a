package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.net.Connection;
import org.sluice.api.net.ConnectionHandler;
import org.sluice.testkit.Logged;

/** What goes wrong on the accepting thread costs one connection, and the listener goes on. */
@Timeout(60)
class RefusalTest {
  private final Harness harness = new Harness();

  @AfterEach
  void stop() {
    harness.close();
  }

  /** Says one of these refusals after the other, the last one for ever. */
  private record Refusing(Queue<Supplier<String>> refusals) implements ConnectionHandler {
    Refusing(List<Supplier<String>> refusals) {
      this(new ArrayDeque<>(refusals));
    }

    @Override
    public void handle(Connection connection) throws IOException {
      new Echo("a").handle(connection);
    }

    @Override
    public String refusal() {
      return (refusals.size() > 1 ? refusals.remove() : refusals.element()).get();
    }
  }

  private static Supplier<String> failing(Error error) {
    return () -> {
      throw error;
    };
  }

  private static ConnectionHandler bad() {
    var missing = failing(new NoClassDefFoundError("org/example/Gone"));
    return new Refusing(List.of(missing, missing, () -> null, failing(new AssertionError("bug"))));
  }

  /** Five that are turned away, whatever they are told; then one that is let in. */
  private void turnedAwayAndServed(String before) throws IOException {
    try (var first = harness.client()) {
      first.send(before + "one");
      assertEquals("hello", first.line());
      assertEquals("a one", first.line());
      for (int i = 0; i < 5; i++) {
        try (var other = harness.client()) {
          if (!before.isEmpty()) {
            other.send(before);
          }
          assertNull(other.line());
        }
      }
      assertEquals("bye", first.ask("quit"));
      assertNull(first.line());
    }
    Wait.until(
        () -> {
          try (var next = harness.client()) {
            next.send(before + "two");
            return "hello".equals(next.line());
          }
        });
  }

  @Test
  void oneThatFailsCostsOnlyItsConnection() throws Exception {
    harness.perAddress = 1;
    harness.with(bad()).start();
    var lines = Logged.during(() -> turnedAwayAndServed(""));
    assertEquals(1, lines.stream().filter(l -> l.contains("NoClassDefFoundError")).count());
    assertEquals(1, lines.stream().filter(l -> l.contains("AssertionError")).count());
  }

  @Test
  void norDoesItForClientsOfAProxy() throws Exception {
    harness.perAddress = 1;
    harness.proxies = "127.0.0.1";
    harness.with(bad()).start();
    var lines = Logged.during(() -> turnedAwayAndServed("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"));
    assertEquals(1, lines.stream().filter(l -> l.contains("NoClassDefFoundError")).count());
  }

  @Test
  void aLongOneDoesNotBlockTheListener() throws Exception {
    harness.perAddress = 1;
    harness.with(new Refusing(List.of(() -> "x".repeat(100_000_000)))).start();
    try (var first = harness.client();
        var other = harness.client()) {
      assertEquals("hello", first.line());
      assertEquals("bye", first.ask("quit"));
      assertNull(first.line());
      try (var next = harness.client()) {
        assertTrue(next.socket.getInputStream().read() >= 0, "the listener goes on");
      }
      assertTrue(other.socket.getInputStream().read() >= 0);
    }
  }

  /** As from a plugin that interrupts the thread of its session once more when that is over. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
  void anInterruptThatComesTooLateEndsNoListener(String address) throws Exception {
    harness.address = address;
    harness.with(new Echo("a")).start();
    for (int i = 0; i < 3; i++) {
      try (var client = harness.client()) {
        assertEquals("hello", client.line());
        assertEquals("bye", client.ask("quit"));
        assertNull(client.line());
      }
      Thread.getAllStackTraces().keySet().stream()
          .filter(thread -> thread.getName().startsWith("net-echo-1-"))
          .forEach(Thread::interrupt);
      Wait.until(this::isServed);
    }
  }

  private boolean isServed() {
    try (var client = harness.client()) {
      client.socket.setSoTimeout(1_000);
      return "hello".equals(client.line());
    } catch (IOException e) {
      // One connection is what it costs. The JDK may even forget to close that: then it is silent.
      return false;
    }
  }
}
