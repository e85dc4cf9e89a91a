package org.sluice.net.internal.tcpserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.ProgramExit;
import org.sluice.dns.DnsJavaResolver;
import org.sluice.testkit.NameServer;

/** HOST of tcpserver's command line (spec 20 sections 5.1 and 5.5). */
@Timeout(120)
class HostAddressTest {
  private static final Map<String, List<String>> RECORDS =
      Map.of(
          "here.example. A", List.of("127.0.0.1", "127.0.0.2"),
          "six.example. AAAA", List.of("::1"),
          "both.example. AAAA", List.of("2001:db8::1"),
          "both.example. A", List.of("192.0.2.1"),
          "text.example. TXT", List.of("x"),
          "trouble.example. A", NameServer.SERVFAIL,
          "trouble6.example. AAAA", NameServer.SERVFAIL,
          "host.b.example. A", List.of("192.0.2.2"),
          "host. A", List.of("192.0.2.3"));

  @TempDir Path home;
  private NameServer dns;

  @BeforeEach
  void start() throws Exception {
    dns = new NameServer(RECORDS);
  }

  @AfterEach
  void stop() {
    dns.close();
  }

  private HostAddress hosts(String file, String... domains) throws Exception {
    Path hosts = Files.writeString(home.resolve("hosts"), file);
    return new HostAddress(DnsJavaResolver.of(dns.address()), hosts, List.of(domains));
  }

  private static InetAddress ip(String text) throws Exception {
    return InetAddress.getByName(text);
  }

  private String found(String text) throws Exception {
    return hosts("").find(text).getHostAddress();
  }

  private static String refused(HostAddress hosts, String text) {
    var refusal = assertThrows(ProgramExit.class, () -> hosts.find(text));
    return refusal.getMessage().replaceFirst("^fatal: ", "");
  }

  @Test
  void addresses() throws Exception {
    assertEquals("0.0.0.0", found(""));
    assertEquals("0.0.0.0", found("0"));
    assertEquals("192.0.2.77", found("192.0.2.77"));
    assertEquals(ip("::"), hosts("").find("::"));
    assertEquals(ip("::1"), hosts("").find("::1"));
    assertEquals(ip("2001:db8::a"), hosts("").find("2001:DB8:0::A"));
    assertEquals("no IP address for fe80::1%nosuch0", refused(hosts(""), "fe80::1%nosuch0"));
    assertEquals("no IP address for ::1::", refused(hosts(""), "::1::"));
    assertEquals("no IP address for 1.2.3", refused(hosts(""), "1.2.3"));
  }

  @Test
  void namesOfTheDns() throws Exception {
    assertEquals("127.0.0.1", found("here.example"));
    assertEquals("127.0.0.1", found("here.example."));
    assertEquals(ip("::1"), hosts("").find("six.example"));
    assertEquals("192.0.2.1", found("both.example"));
  }

  @Test
  void namesThatHaveNoneAreToldFromThoseThatCannotBeAsked() throws Exception {
    var hosts = hosts("");
    assertEquals("no IP address for nosuch.example", refused(hosts, "nosuch.example"));
    assertEquals("no IP address for text.example", refused(hosts, "text.example"));
    for (String name : List.of("trouble.example", "trouble6.example")) {
      assertEquals(
          "temporarily unable to figure out IP address for " + name + ": temporary failure",
          refused(hosts, name));
    }
  }

  @Test
  void domainsFollowNamesWithoutADot() throws Exception {
    assertEquals("192.0.2.3", found("host"));
    assertEquals("192.0.2.2", hosts("", "a.example", ".b.example").find("host").getHostAddress());
    assertEquals("192.0.2.3", hosts("", "a.example", "b.example").find("host.").getHostAddress());
    assertEquals("no IP address for host", refused(hosts("", "a.example"), "host"));
    assertEquals("127.0.0.1", hosts("", "b.example").find("here.example").getHostAddress());
  }

  @Test
  void localdomain() {
    var resolver = DnsJavaResolver.system();
    var given = HostAddress.of(resolver, Map.of("LOCALDOMAIN", " a.example  b.example"));
    assertEquals(List.of("a.example", "b.example"), given.domains());
    assertEquals(List.of(), HostAddress.of(resolver, Map.of("LOCALDOMAIN", "")).domains());
  }

  @Test
  void namesOfTheFileNeedNoDns() throws Exception {
    var hosts =
        hosts(
            "# 192.0.2.5 here.example\n::1 localhost ip6-localhost\n\n127.0.0.1\tLocalHost\n"
                + "192.0.2.6  mx.example mx # trouble.example\nx nosuch.example\n",
            "b.example");
    assertEquals("127.0.0.1", hosts.find("localhost").getHostAddress());
    assertEquals(ip("::1"), hosts.find("ip6-localhost"));
    assertEquals("192.0.2.6", hosts.find("MX").getHostAddress());
    assertEquals("127.0.0.1", hosts.find("here.example").getHostAddress());
    assertEquals("no IP address for nosuch.example", refused(hosts, "nosuch.example"));
    var none = new HostAddress(hosts.dns(), home.resolve("none"), List.of());
    assertEquals("no IP address for localhost", refused(none, "localhost"));
  }

  private Running started(String host, String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("-1RHl0", host, "0", "cat"));
    var environment =
        Map.of("PATH", "/usr/bin:/bin", "DNSCACHEIP", dns.address(), "LOCALDOMAIN", "example");
    return new Running(home, environment, arguments, Map.of());
  }

  @Test
  void theProgramListensThereOrSaysWhyNot() throws Exception {
    try (var server = started("here")) {
      assertEquals("hello", server.talk("hello"));
    }
    var expected =
        Map.of(
            "nosuch.example", "no IP address for nosuch.example\n",
            "nosuch", "no IP address for nosuch\n",
            "trouble.example",
                "temporarily unable to figure out IP address for trouble.example: temporary"
                    + " failure\n");
    for (var run : expected.entrySet()) {
      var refused = started(run.getKey());
      assertEquals(111, refused.status());
      assertEquals("tcpserver: fatal: " + run.getValue(), refused.log());
      var quiet = started(run.getKey(), "-q");
      assertEquals(111, quiet.status());
      assertEquals("", quiet.log());
    }
  }
}
