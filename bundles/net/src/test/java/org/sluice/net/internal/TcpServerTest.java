package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.sluice.api.net.ConnectionHandler;
import org.sluice.net.internal.rules.TcpRules;
import org.sluice.testkit.Background;
import org.sluice.testkit.TestContext;

/** The component, as the framework drives it, while its configuration changes. */
@Timeout(60)
class TcpServerTest {
  @TempDir Path home;
  private final Map<String, Object> values = new HashMap<>(Map.of("protocol", "a", "name", "it"));
  private final Map<Integer, Echo> echoes = new HashMap<>();
  private int state = Bundle.ACTIVE;
  private TcpServer server;

  private final Bundle system = fake(Bundle.class, Map.of());

  private final BundleContext context = fake(BundleContext.class, Map.of());

  @BeforeEach
  void start() throws IOException {
    server = new TcpServer(new Siblings(), config(), context, Map.of("component.id", 1L));
    server.bind(echo(1), properties(1, "a"));
    server.bind(echo(2), properties(2, "b"));
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  /** The methods that are called here, and the defaults of an annotation's. */
  private <T> T fake(Class<T> type, Map<String, Object> given) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getBundle" -> system;
                  case "getState" -> state;
                  case "getProperty" -> "sluice.home".equals(arguments[0]) ? "" + home : null;
                  default -> given.getOrDefault(method.getName(), method.getDefaultValue());
                }));
  }

  private NetConfig config() {
    return fake(NetConfig.class, Map.copyOf(values));
  }

  private void change(String name, Object value) throws IOException {
    values.put(name, value);
    server.change(config(), values);
  }

  private Echo echo(int id) {
    return echoes.computeIfAbsent(id, n -> new Echo("h" + n));
  }

  private static Map<String, Object> properties(long id, String... protocols) {
    return Map.of("service.id", id, ConnectionHandler.PROTOCOL, protocols);
  }

  private String place() throws IOException {
    return Files.readString(home.resolve("run/it.port")).strip();
  }

  private Client client() throws IOException {
    return new Client(Integer.parseInt(place().replaceFirst(".*:", "")));
  }

  private Client greeted() throws IOException {
    var client = client();
    assertEquals("hello", client.line());
    return client;
  }

  @Test
  void aChangeKeepsTheSocketAndTheSessions() throws IOException {
    String place = place();
    try (var old = greeted()) {
      change("limit", 1);
      assertEquals(place, place());
      try (var next = client()) {
        assertTrue(next.silent(200));
        assertEquals("bye", old.ask("quit"));
        assertEquals("hello", next.line());
      }
    }
  }

  @Test
  void aWrongConfigurationChangesNothingAndIsNamed() throws IOException {
    values.put("limit", 1);
    change("port", 65_536);
    Path fault = home.resolve("run/it.fault");
    assertTrue(Files.readString(fault).contains("port = 65536: a number from 0 to 65535"));
    try (var one = greeted();
        var two = greeted()) {
      assertEquals("h1 x", one.ask("x"));
      assertEquals("h1 x", two.ask("x"));
    }
    change("port", 0);
    assertFalse(Files.exists(fault));
  }

  @Test
  void aRightConfigurationAfterAWrongOneIsServed() throws IOException {
    server.stop();
    values.put("limit", 0);
    server = new TcpServer(new Siblings(), config(), context, Map.of("component.id", 1L));
    server.bind(echo(1), properties(1, "a"));
    server.start();
    assertTrue(Files.readString(home.resolve("run/it.fault")).contains("limit = 0"));
    assertFalse(Files.exists(home.resolve("run/it.port")));
    server.unbind(echo(1), properties(1, "a")); // there were no sessions to wait for
    server.bind(echo(1), properties(1, "a"));
    change("limit", 2);
    try (var client = greeted()) {
      assertEquals("h1 x", client.ask("x"));
    }
  }

  @Test
  void anotherProtocolIsForNewSessions() throws Exception {
    try (var old = greeted()) {
      change("protocol", "b");
      try (var next = greeted()) {
        assertEquals("h2 x", next.ask("x"));
        assertEquals("h1 x", old.ask("x"));
        // Either handler is still left by its own sessions before it goes.
        var gone = Background.run(() -> server.unbind(echo(1), properties(1, "a")));
        assertEquals("h1 y", old.ask("y"));
        assertFalse(gone.isDone());
        assertEquals("bye", old.ask("quit"));
        gone.get(20, TimeUnit.SECONDS);
        assertEquals("h2 y", next.ask("y"));
      }
    }
  }

  @Test
  void handlersAreKnownByTheirProtocolsOfNow() throws IOException {
    server.updated(echo(1), properties(1, "c"));
    server.updated(echo(2), properties(2, "c", "a"));
    try (var client = greeted()) {
      assertEquals("h2 x", client.ask("x"));
    }
    server.unbind(echo(2), properties(2, "c", "a"));
    change("protocol", "c");
    try (var client = greeted()) {
      assertEquals("h1 x", client.ask("x"));
    }
  }

  @Test
  void aStopDrainsSessionsOfEveryProtocol() throws IOException {
    try (var old = greeted()) {
      change("protocol", "b");
      try (var next = greeted()) {
        server.stop();
        assertEquals("421", old.line());
        assertEquals("421", next.line());
      }
    }
  }

  @Test
  void otherRulesAreForNewSessions() throws Exception {
    var rules = new TestContext(List.of("rules.cdb", "rules.tmp")).stdin(":deny\n").in(home);
    assertEquals(0, new TcpRules().run(rules), rules.stderr());
    try (var old = greeted()) {
      change("rules", "rules.cdb");
      try (var denied = client()) {
        assertNull(denied.line());
      }
      assertEquals("h1 x", old.ask("x"));
      change("rules", "");
      try (var next = greeted()) {
        assertEquals("h1 x", next.ask("x"));
      }
    }
  }

  @Test
  void itsConnectionsAreCounted() throws Exception {
    server.bindClients(new AddressCounter());
    change("perAddressLimit", 1);
    try (var one = greeted();
        var more = client()) {
      assertEquals("too many", more.line());
      assertTrue(
          server.counts().endsWith("now=1 accepted=1 refused=1 denied=0 failed=0 seconds=0.0"));
      assertEquals("bye", one.ask("quit"));
    }
    Wait.until(() -> server.counts().contains(" now=0 accepted=1 "));
    var program = new ListenersProgram();
    program.add(server);
    var context = new TestContext(List.of());
    assertEquals(0, program.run(context));
    String place = "listener=it address=" + place() + " limit=40 now=0 accepted=1 refused=1 ";
    assertTrue(context.stdout().startsWith(place), context.stdout());
    program.remove(server);
    context = new TestContext(List.of());
    assertEquals(0, program.run(context));
    assertEquals("", context.stdout());
    assertEquals(100, program.run(new TestContext(List.of("x"))));
  }
}
