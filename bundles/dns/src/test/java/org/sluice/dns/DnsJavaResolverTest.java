package org.sluice.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.testkit.NameServer;

/** The resolver against a name server on loopback. */
class DnsJavaResolverTest {
  private NameServer server;
  private DnsResolver dns;

  @BeforeEach
  void start() throws IOException {
    server =
        new NameServer(
            Map.of(
                "full.test. MX",
                List.of("10 m1.test.", "0 ."),
                "full.test. A",
                List.of("192.0.2.1"),
                "full.test. TXT",
                List.of("\"one, \" \"two\\201\"", "three"),
                "bad.test. MX",
                NameServer.SERVFAIL,
                "7.2.0.192.in-addr.arpa. PTR",
                List.of("Client.Ex\\.Ample\\032x.NET."),
                "1." + "0.".repeat(23) + "8.b.d.0.1.0.0.2.ip6.arpa. PTR",
                List.of("six.example.")));
    dns = DnsJavaResolver.of(server.address());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void answersHardAndSoft() throws IOException {
    assertEquals(
        Optional.of(
            List.of(new DnsResolver.Exchanger(10, "m1.test"), new DnsResolver.Exchanger(0, "."))),
        dns.mx("full.test"));
    assertEquals(Optional.of(List.of(InetAddress.getByName("192.0.2.1"))), dns.ipv4("full.test"));
    assertEquals(Optional.of(List.of("one, two\u00c9", "three")), dns.txt("full.test"));
    assertEquals(Optional.empty(), dns.txt("none.test"));
    assertEquals(Optional.empty(), dns.ipv6("full.test"));
    assertEquals(Optional.empty(), dns.mx("none.test"));
    assertEquals(Optional.empty(), dns.mx(""));
    assertEquals(Optional.empty(), dns.ipv4("a..b"));
    assertThrows(IOException.class, () -> dns.mx("bad.test"));
  }

  @Test
  void cachesOfTheEnvironment() throws IOException {
    assertEquals(
        dns.ipv4("full.test"), DnsJavaResolver.ofCache(server.address()).ipv4("full.test"));
    var expected = new LinkedHashMap<String, String>();
    expected.put("192.0.2.1", "[/192.0.2.1:53]");
    expected.put("192.0.2.1.192.0.2.258", "[/192.0.2.1:53, /192.0.2.2:53]");
    expected.put("..192.0.02.1..192.0.2.2.7", "[/192.0.2.1:53, /192.0.2.2:53]");
    expected.put("192.0.2.1 192.0.2.2", "[/192.0.2.1:53]");
    expected.put("192.0.2.1junk", "[/192.0.2.1:53]");
    expected.put("2001:db8::1", "[/[2001:db8:0:0:0:0:0:1]:53]");
    expected.put("[2001:db8::1]:54", "[/[2001:db8:0:0:0:0:0:1]:54]");
    for (String none :
        List.of("", "junk", " 192.0.2.1", "1.2.3", "192.0.2.1:99999", "a:b:c", "ns.test:53")) {
      expected.put(none, "[]");
    }
    expected.forEach(
        (value, servers) ->
            assertEquals(servers, DnsJavaResolver.ofCache(value).servers().toString(), value));
    assertEquals(List.of(), DnsJavaResolver.ofCache(null).servers());
    String many = "192.0.2.1.".repeat(20);
    assertEquals(16, DnsJavaResolver.ofCache(many).servers().size());
  }

  @Test
  void namesOfAddresses() throws IOException {
    assertEquals(
        Optional.of(List.of(List.of("Client", "Ex.Ample x", "NET"))),
        dns.ptr(InetAddress.getByName("192.0.2.7")));
    assertEquals(
        Optional.of(List.of(List.of("six", "example"))),
        dns.ptr(InetAddress.getByName("2001:db8::1")));
    assertEquals(Optional.empty(), dns.ptr(InetAddress.getByName("192.0.2.8")));
  }
}
