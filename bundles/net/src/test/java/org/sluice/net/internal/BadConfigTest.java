package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.sluice.api.net.ConnectionHandler;
import org.sluice.testkit.Logged;

/** A listener whose configuration has a value that is none. */
class BadConfigTest {
  @TempDir Path home;
  private TcpServer listener;

  /** As Felix SCR does it: a number that is none throws, a switch that is none is off. */
  private static NetConfig made(Map<String, Object> properties) {
    return (NetConfig)
        Proxy.newProxyInstance(
            NetConfig.class.getClassLoader(),
            new Class<?>[] {NetConfig.class},
            (self, method, arguments) -> {
              Object raw = properties.get(method.getName());
              Class<?> type = method.getReturnType();
              if (raw == null) {
                return method.getDefaultValue();
              }
              return type == int.class
                  ? Integer.valueOf(raw.toString())
                  : type == boolean.class
                      ? Boolean.valueOf(raw.toString())
                      : type == String[].class ? new String[] {raw.toString()} : raw;
            });
  }

  private BundleContext context() {
    return fake(
        BundleContext.class,
        (self, method, arguments) ->
            switch (method.getName()) {
              case "getProperty" -> arguments[0].equals("sluice.home") ? home.toString() : null;
              case "getBundle" -> fake(Bundle.class, (bundle, state, none) -> Bundle.ACTIVE);
              default -> null;
            });
  }

  private static <T> T fake(Class<T> type, InvocationHandler methods) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, methods));
  }

  @ParameterizedTest
  @CsvSource({
    "port, abc, port = abc: a whole number is wanted",
    "port, 70000, port = 70000: a number from 0 to 65535 is wanted",
    "limit, x, limit = x: a whole number is wanted",
    "networkBits, 0, networkBits = 0: a number from 1 to 32 is wanted",
    "networkBits, 33, networkBits = 33: a number from 1 to 32 is wanted",
    "networkBitsIpv6, 65, networkBitsIpv6 = 65: a number from 1 to 64 is wanted",
    "tls, yes, tls = yes: true or false is wanted",
    "environment, RELAYCLIENT, 'environment: NAME=value is wanted, not RELAYCLIENT'"
  })
  void saysWhyAndDoesNotListen(String name, String value, String why) throws Exception {
    Map<String, Object> properties = new HashMap<>();
    properties.put("component.id", 7L);
    properties.put("service.pid", "org.sluice.net~a");
    properties.put("protocol", "pop3");
    properties.put("name", "mine");
    properties.put(name, value);
    List<String> lines =
        Logged.during(
            () -> {
              listener = new TcpServer(new Siblings(), made(properties), context(), properties);
              ConnectionHandler handler = connection -> {};
              listener.bind(handler, Map.of("service.id", 1L, ConnectionHandler.PROTOCOL, "pop3"));
              listener.start();
            });
    assertEquals(1, lines.size(), lines.toString());
    String text = "org.sluice.net~a: " + why;
    assertTrue(lines.get(0).endsWith(text + "; this listener does not listen"), lines.get(0));
    Path fault = home.resolve("run/mine.fault");
    assertEquals(text + "\n", Files.readString(fault));
    assertFalse(Files.exists(home.resolve("run/mine.port")));
    listener.stop();
    assertFalse(Files.exists(fault));
  }
}
