package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.base.IpText;
import org.sluice.testkit.TestTls;

@Timeout(60)
class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private final Harness harness = new Harness();

  /** The variables of a header that is followed by a letter, which must not be read. */
  private static Map<String, String> variables(byte[] header) throws IOException {
    byte[] more = java.util.Arrays.copyOf(header, header.length + 1);
    more[header.length] = 'x';
    var in = new ByteArrayInputStream(more);
    var read = ProxyHeader.read(in);
    assertEquals('x', in.read());
    return read.isEmpty()
        ? Map.of()
        : Map.of("client", text(read.get().client()), "server", text(read.get().server()));
  }

  private static String text(InetSocketAddress address) {
    return IpText.of(address.getAddress()) + " " + address.getPort();
  }

  private static Map<String, String> line(String text) throws IOException {
    return variables((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Map<String, String> binary(String hex) throws IOException {
    return variables(HexFormat.of().parseHex(SIGNATURE + hex.replace(" ", "")));
  }

  private static Map<String, String> expected(String client, String server) {
    return Map.of("client", client + " 56324", "server", server + " 443");
  }

  @Test
  void versionOne() throws IOException {
    assertEquals(
        expected("192.0.2.7", "198.51.100.1"), line("PROXY TCP4 192.0.2.7 198.51.100.1 56324 443"));
    assertEquals(
        expected("2001:db8::7", "2001:db8::1"),
        line("PROXY TCP6 2001:db8::7 2001:db8::1 56324 443"));
    assertEquals(
        expected("192.0.2.7", "2001:db8::1"),
        line("PROXY TCP6 ::ffff:192.0.2.7 2001:db8::1 56324 443"));
    assertEquals(
        expected("192.0.2.7", "198.51.100.1"),
        line("PROXY TCP6 ::ffff:192.0.2.7 ::FFFF:c633:6401 56324 443"));
    assertEquals(Map.of(), line("PROXY UNKNOWN"));
    assertEquals(Map.of(), line("PROXY UNKNOWN ffff:f...f:ffff what ever"));
  }

  @Test
  void versionTwo() throws IOException {
    assertEquals(
        expected("192.0.2.7", "198.51.100.1"), binary("21 11 000c c0000207 c6336401 dc04 01bb"));
    // Followed by extensions: the ALPN http, and two octets of padding.
    assertEquals(
        expected("192.0.2.7", "198.51.100.1"),
        binary("21 11 0018 c0000207 c6336401 dc04 01bb 01000468747470 0400020000"));
    String six = "20010db8000000000000000000000007 20010db8000000000000000000000001";
    assertEquals(
        expected("2001:db8::7", "2001:db8::1"), binary("21 21 0024 " + six + " dc04 01bb"));
    assertEquals(Map.of(), binary("20 00 0000"));
    assertEquals(Map.of(), binary("20 11 000c c0000207 c6336401 dc04 01bb"));
    assertEquals(Map.of(), binary("21 00 0003 010203"));
    assertEquals(Map.of(), binary("21 31 00d8 " + "00".repeat(216)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EHLO x\r\nMAIL FROM:<a>\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n",
        "PROXY TCP4 192.0.2.7  198.51.100.1 56324 443\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 56324 65536\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 056324 443\r\n",
        "PROXY TCP4 192.0.2.256 198.51.100.1 56324 443\r\n",
        "PROXY TCP4 host.example 198.51.100.1 56324 443\r\n",
        "PROXY TCP4 2001:db8::7 2001:db8::1 56324 443\r\n",
        "PROXY TCP6 192.0.2.7 198.51.100.1 56324 443\r\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\n",
        "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443 \r\n",
        "PROXY UDP4 192.0.2.7 198.51.100.1 56324 443\r\n",
        "PROXY UNKNOWN xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n",
        "PROXY TCP4 192.0.2.7 198.5",
        "PROXY",
        ""
      })
  void malformed(String text) {
    var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    assertThrows(IOException.class, () -> ProxyHeader.read(in));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"11 11 000c", "22 11 0000", "21 11 0004 01020304", "21 11 000c 0102", "21"})
  void malformedBinary(String hex) {
    var in = new ByteArrayInputStream(HexFormat.of().parseHex(SIGNATURE + hex.replace(" ", "")));
    assertThrows(IOException.class, () -> ProxyHeader.read(in));
  }

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
      assertTrue(atEnd(malformed));
    }
  }

  private static boolean atEnd(Client client) throws IOException {
    try {
      return client.line() == null;
    } catch (java.net.SocketException reset) {
      return true; // what was sent has not been read
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
