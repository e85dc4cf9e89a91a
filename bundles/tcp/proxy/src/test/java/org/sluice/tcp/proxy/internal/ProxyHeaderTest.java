package org.sluice.tcp.proxy.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.base.IpText;

/** Headers, good and bad. */
class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  /** The variables of a header that is followed by a letter, which must not be read. */
  private static Map<String, String> variables(byte[] header) throws IOException {
    byte[] more = java.util.Arrays.copyOf(header, header.length + 1);
    more[header.length] = 'x';
    var in = new ByteArrayInputStream(more);
    var read = new ProxyHeader().read(in);
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
    assertThrows(IOException.class, () -> new ProxyHeader().read(in));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"11 11 000c", "22 11 0000", "21 11 0004 01020304", "21 11 000c 0102", "21"})
  void malformedBinary(String hex) {
    var in = new ByteArrayInputStream(HexFormat.of().parseHex(SIGNATURE + hex.replace(" ", "")));
    assertThrows(IOException.class, () -> new ProxyHeader().read(in));
  }
}
