package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.TestTls;

/** Clients behind proxies. */
@Timeout(60)
class ProxiesTest {
  private final Harness harness = new Harness();

  @Test
  void theRulesAreAskedAboutTheClientBehindIt() throws IOException {
    harness.proxies = "10.0.0.0/8, 127.0.0.1";
    harness.rules =
        (ip, host, info) -> new Verdict(ip.equals("192.0.2.9"), Map.of("RULE", "of " + ip));
    harness.with(c -> Echo.say(c, c.environment().get("RULE") + Echo.line(c)));
    try (var running = harness.start();
        var client = running.client();
        var denied = running.client();
        var malformed = running.client()) {
      client.send("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\nfirst line");
      assertEquals("of 192.0.2.7first line", client.line());
      denied.send("PROXY TCP4 192.0.2.9 198.51.100.1 56324 443\r\nx");
      assertNull(denied.line());
      malformed.send("a line without a header");
      assertTrue(malformed.atEnd());
    }
  }

  @Test
  void onlyATrustedPeerIsBelieved() throws IOException {
    harness.proxies = "10.0.0.1";
    try (var running = harness.with(new Echo("a")).start();
        var client = running.client()) {
      assertEquals("hello", client.line());
      String header = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443";
      assertEquals("a " + header, client.ask(header));
    }
  }

  @Test
  void theLimitOfAnAddressIsThatOfTheClient() throws IOException {
    harness.proxies = "127.0.0.1";
    harness.perAddress = 1;
    try (var running = harness.with(new Echo("a")).start();
        var one = running.client();
        var two = running.client();
        var again = running.client()) {
      one.send("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r");
      assertEquals("hello", one.line());
      two.send("PROXY TCP4 192.0.2.2 198.51.100.1 56324 443\r");
      assertEquals("hello", two.line());
      again.send("PROXY TCP4 192.0.2.1 198.51.100.1 56325 443\r");
      assertEquals("too many", again.line());
      assertNull(again.line());
      one.ask("quit");
      assertNull(one.line());
      Wait.until(
          () -> {
            try (var later = running.client()) {
              later.send("PROXY TCP4 192.0.2.1 198.51.100.1 56326 443\r");
              return "hello".equals(later.line());
            }
          });
    }
  }

  @Test
  void comesBeforeTls(@TempDir Path directory) throws Exception {
    var tls = new TestTls(directory);
    harness.proxies = "127.0.0.1";
    harness.implicitTls = true;
    harness.tls.set(tls);
    harness.with(c -> Echo.say(c, c.environment().get("TCPREMOTEIP")));
    try (var running = harness.start();
        var clear = running.client()) {
      clear.send("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r");
      try (var client = new Client(tls.client(clear.socket))) {
        assertEquals("192.0.2.1", client.line());
      }
    }
  }

  @Test
  void aProxyThatSaysNothingIsClosed() throws IOException {
    harness.proxies = "127.0.0.1";
    harness.timeout = Duration.ofMillis(200);
    try (var running = harness.with(new Echo("a")).start();
        var client = running.client()) {
      assertNull(client.line());
    }
  }
}
