package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.sluice.testkit.Background;

/** The framework asks one listener after the other; their clients are not to pay for that. */
@Timeout(60)
class SeveralListenersTest {
  @TempDir Path home;
  private final Siblings siblings = new Siblings();
  private volatile int state = Bundle.ACTIVE;
  private final Bundle bundle = fake(Bundle.class, Map.of());
  private final BundleContext context = fake(BundleContext.class, Map.of());
  private final Echo echo = new Echo("h1");
  private TcpServer first;
  private TcpServer second;

  @BeforeEach
  void start() {
    first = listener("first", 1);
    second = listener("second", 2);
  }

  private TcpServer listener(String name, long id) {
    var config = fake(NetConfig.class, Map.of("protocol", "a", "name", name));
    var listener = new TcpServer(siblings, config, context, Map.of("component.id", id));
    listener.bind(echo, properties(1));
    listener.start();
    return listener;
  }

  @AfterEach
  void stop() {
    first.stop();
    second.stop();
  }

  private <T> T fake(Class<T> type, Map<String, Object> given) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getBundle" -> bundle;
                  case "getState" -> state;
                  case "getProperty" -> "sluice.home".equals(arguments[0]) ? "" + home : null;
                  default -> given.getOrDefault(method.getName(), method.getDefaultValue());
                }));
  }

  private static Map<String, Object> properties(long id) {
    return Map.of("service.id", id, ConnectionHandler.PROTOCOL, "a");
  }

  private Client client(String name) throws IOException {
    String place = Files.readString(home.resolve("run/" + name + ".port")).strip();
    return new Client(Integer.parseInt(place.replaceFirst(".*:", "")));
  }

  private Client greeted(String name) throws IOException {
    var client = client(name);
    assertEquals("hello", client.line());
    return client;
  }

  @Test
  void allLetAHandlerGoTogether() throws Exception {
    try (var busy = greeted("first");
        var other = greeted("second")) {
      var gone = Background.run(() -> first.unbind(echo, properties(1)));
      var next = new Echo("h2");
      first.bind(next, properties(2));
      second.bind(next, properties(2));
      Wait.until(() -> answer("second").equals("h2 x"));
      assertFalse(gone.isDone());
      assertEquals("h1 x", busy.ask("x"));
      assertEquals("bye", other.ask("quit"));
      second.unbind(echo, properties(1));
      assertEquals("bye", busy.ask("quit"));
      gone.get(20, TimeUnit.SECONDS);
      assertEquals("h2 x", answer("first"));
    }
  }

  private Client proxied(String name, String said) throws IOException {
    var client = client(name);
    client.socket.getOutputStream().write(said.getBytes());
    return client;
  }

  @Test
  void allLetAReaderOfHeadersGoTogether() throws Exception {
    String header = "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n";
    var reader = new LineProxy();
    for (TcpServer listener : new TcpServer[] {first, second}) {
      listener.bindProxies(reader);
      String name = listener == first ? "first" : "second";
      Map<String, Object> values = Map.of("protocol", "a", "name", name, "proxies", "127.0.0.1");
      listener.change(fake(NetConfig.class, values), values);
    }
    try (var half = proxied("first", header.substring(0, 9))) {
      Wait.until(() -> first.counts().contains("now=1"));
      assertTrue(half.silent(100));
      var gone = Background.run(() -> first.unbindProxies(reader));
      Wait.until(
          () -> {
            try (var later = proxied("second", header)) {
              return later.silent(100); // though nobody has told that listener
            }
          });
      assertFalse(gone.isDone());
      half.send(header.substring(9));
      assertEquals("hello", half.line());
      gone.get(20, TimeUnit.SECONDS);
      second.unbindProxies(reader);
      second.bindProxies(new LineProxy());
      try (var next = proxied("second", header)) {
        assertEquals("hello", next.line());
      }
    }
  }

  private String answer(String name) throws IOException {
    try (var client = greeted(name)) {
      return client.ask("x");
    }
  }

  @Test
  void whereAllStopIdleClientsOfAllAreToldAtOnce() throws Exception {
    ConnectionHandler busy =
        connection -> {
          Echo.say(connection, "hello");
          Echo.line(connection); // not idle
        };
    first.unbind(echo, properties(1));
    first.bind(busy, properties(2));
    second.bind(echo, properties(3));
    try (var working = greeted("first");
        var idle = greeted("second")) {
      state = Bundle.STOPPING;
      var stopped = Background.run(first::stop);
      assertEquals("421", idle.line());
      second.stop();
      assertFalse(stopped.isDone());
      working.send("x");
      stopped.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void oneThatGoesAloneIsNothingToTheOthers() throws Exception {
    try (var client = greeted("second")) {
      first.stop();
      first.unbind(echo, properties(1)); // as the framework does then
      assertEquals("h1 x", client.ask("x"));
      assertEquals("h1 x", answer("second"));
    }
  }
}
