package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.testkit.Logged;

/** Limits of a listener for all clients of a network (spec 20 section 15.14). */
@Timeout(60)
class NetworkLimitsTest {
  private final Harness harness = new Harness();
  private final List<Client> held = new ArrayList<>();

  @AfterEach
  void stop() throws IOException {
    for (Client client : held) {
      client.close();
    }
    if (harness.server != null) {
      harness.close();
    }
  }

  private Client from(String address) throws IOException {
    int port = harness.server.address().getPort();
    var loopback = InetAddress.getByName("127.0.0.1");
    var client = new Client(new Socket(loopback, port, InetAddress.getByName(address), 0));
    held.add(client);
    return client;
  }

  private void refused(String address) throws IOException {
    var client = from(address);
    assertEquals("too many", client.line());
    assertNull(client.line());
  }

  private Client served(String address) throws IOException {
    var client = from(address);
    assertEquals("hello", client.line());
    return client;
  }

  @Test
  void oneTooManyIsRefused() throws Exception {
    harness.perNetwork = 2;
    harness.with(new Echo("a")).start();
    var first = served("127.0.0.1");
    served("127.0.0.2");
    var lines = Logged.during(() -> refused("127.0.0.3"));
    assertTrue(
        lines.stream().anyMatch(line -> line.endsWith("too many from the network of 127.0.0.3")),
        lines.toString());
    served("127.0.1.1");
    assertEquals("bye", first.ask("quit"));
    assertNull(first.line());
    Wait.until(() -> "hello".equals(from("127.0.0.3").line()));
    refused("127.0.0.3");
    refused("127.0.0.4");
  }

  @Test
  void tooOften() throws Exception {
    harness.networkRate = 2;
    harness.with(new Echo("a")).start();
    served("127.0.0.1");
    served("127.0.0.2");
    refused("127.0.0.3");
    served("127.0.1.1");
  }

  @Test
  void clientsOfAProxyAreCounted() throws Exception {
    harness.perNetwork = 1;
    harness.proxies = "127.0.0.1";
    harness.with(new Echo("a")).start();
    var first = from("127.0.0.1");
    first.send("PROXY TCP4 192.0.2.1 192.0.2.200 1 2\r");
    assertEquals("hello", first.line());
    var second = from("127.0.0.1");
    second.send("PROXY TCP4 192.0.2.2 192.0.2.200 1 2\r");
    assertEquals("too many", second.line());
    var other = from("127.0.0.1");
    other.send("PROXY TCP4 192.0.3.2 192.0.2.200 1 2\r");
    assertEquals("hello", other.line());
  }

  @Test
  void aChangeIsForThoseOfBeforeToo() throws Exception {
    harness.with(new Echo("a")).start();
    served("127.0.0.1");
    served("127.0.1.1");
    harness.perNetwork = 2;
    harness.change();
    served("127.0.0.2");
    refused("127.0.0.2");
    harness.perNetwork = 3;
    harness.network = new ClientNetwork(16, 48);
    harness.change();
    refused("127.0.2.1");
  }

  private static Settings configured(Map<String, Object> values) {
    var config =
        Proxy.newProxyInstance(
            NetConfig.class.getClassLoader(),
            new Class<?>[] {NetConfig.class},
            (proxy, method, arguments) ->
                method.getName().equals("protocol")
                    ? "smtp"
                    : values.getOrDefault(method.getName(), method.getDefaultValue()));
    return Settings.of((NetConfig) config, "", 1);
  }

  @Test
  void properties() {
    var defaults = configured(Map.of());
    assertEquals(0, defaults.perNetworkLimit());
    assertEquals(0, defaults.perNetworkRate());
    assertEquals(new ClientNetwork(24, 48), defaults.network());
    var set =
        configured(
            Map.of(
                "perNetworkLimit", 7,
                "perNetworkRate", 8,
                "networkBits", 22,
                "networkBitsIpv6", 56));
    assertEquals(7, set.perNetworkLimit());
    assertEquals(8, set.perNetworkRate());
    assertEquals(new ClientNetwork(22, 56), set.network());
  }

  private final AtomicLong now = new AtomicLong();

  private static String admit(Rates rates, String address) throws Exception {
    return rates.admit(InetAddress.getByName(address)).orElse("");
  }

  @Test
  void whoComesTooOftenTakesNothingOfItsNetwork() throws Exception {
    var settings = configured(Map.of("perAddressRate", 1, "perNetworkRate", 2));
    var rates = Rates.of(settings, now::get);
    assertEquals("", admit(rates, "192.0.2.1"));
    for (int i = 0; i < 5; i++) {
      assertEquals("too often from", admit(rates, "192.0.2.1"));
    }
    assertEquals("", admit(rates, "192.0.2.2"));
    assertEquals("too often from the network of", admit(rates, "192.0.2.3"));
    assertEquals("", admit(rates, "192.0.3.3"));
  }

  @Test
  void aChangeForgetsOnlyTheRatesThatChange() throws Exception {
    var settings = configured(Map.of("perAddressRate", 1, "perNetworkRate", 2));
    var rates = Rates.of(settings, now::get);
    admit(rates, "192.0.2.1");
    admit(rates, "192.0.2.2");
    var same = rates.next(settings, settings, now::get);
    assertEquals("too often from", admit(same, "192.0.2.1"));
    assertEquals("too often from the network of", admit(same, "192.0.2.3"));
    for (var change : Map.of("perNetworkRate", 1, "networkBits", 23).entrySet()) {
      var values = new java.util.HashMap<String, Object>();
      values.putAll(Map.of("perAddressRate", 1, "perNetworkRate", 2));
      values.put(change.getKey(), change.getValue());
      var changed = rates.next(settings, configured(values), now::get);
      assertEquals("too often from", admit(changed, "192.0.2.1"));
      assertEquals(
          "", admit(changed, change.getKey().equals("networkBits") ? "192.0.3.4" : "192.0.2.4"));
    }
    var addresses = configured(Map.of("perAddressRate", 2, "perNetworkRate", 2));
    assertEquals(
        "too often from the network of",
        admit(rates.next(settings, addresses, now::get), "192.0.2.1"));
  }
}
