package org.sluice.filters.spf.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.dns.DnsJavaResolver;
import org.sluice.testkit.NameServer;

/** RFC 7208 over a name server: results, limits, and records that are written to do harm. */
@Timeout(60)
class SpfCheckTest {
  private static final Map<String, List<String>> RECORDS = new HashMap<>();
  private static NameServer server;
  private static DnsJavaResolver dns;

  private static void spf(String domain, String terms) {
    RECORDS.put(domain + ". TXT", List.of("\"other text\"", "\"v=spf1 " + terms + "\""));
  }

  private static void a(String name, String address) {
    RECORDS.put(name + (address.indexOf(':') < 0 ? ". A" : ". AAAA"), List.of(address));
  }

  @BeforeAll
  static void start() throws IOException {
    spf("ip4.example", "ip4:192.0.2.0/24 -all");
    spf("ip6.example", "ip6:2001:db8::/32 ~all");
    spf("soft.example", "~all");
    spf("neutral.example", "?all");
    spf("nomatch.example", "ip4:198.51.100.1");
    spf("a.example", "a -all");
    a("a.example", "192.0.2.1");
    spf("a6.example", "a -all");
    a("a6.example", "2001:db8::1");
    spf("mx.example", "mx -all");
    RECORDS.put("mx.example. MX", List.of("10 no.mx.example.", "20 host.mx.example."));
    a("host.mx.example", "192.0.2.1");
    // jSPF forgets that it is done with the first one.
    spf("mx2.example", "mx:bare.example mx:mx.example -all");
    RECORDS.put("bare.example. MX", List.of("10 no.mx.example."));
    spf("ptr.example", "ptr -all");
    RECORDS.put("1.2.0.192.in-addr.arpa. PTR", List.of("a.ptr.example."));
    a("a.ptr.example", "192.0.2.1");
    spf("include.example", "include:ip4.example -all");
    spf("redirect.example", "redirect=ip4.example");
    spf("includenone.example", "include:nothing.example -all");
    spf("exists.example", "exists:%{ir}.%{v}._spf.%{d2} -all");
    a("1.2.0.192.in-addr._spf.exists.example", "127.0.0.2");
    spf("macro.example", "exists:%{l}.%{o}.local.example -all");
    a("joe.macro.example.local.example", "127.0.0.2");
    spf("exp.example", "-all exp=explain.example");
    RECORDS.put("explain.example. TXT", NameServer.SERVFAIL);
    RECORDS.put("two.example. TXT", List.of("\"v=spf1 -all\"", "\"v=spf1 +all\""));
    spf("syntax.example", "ip4:nonsense -all");
    spf("servfail.example", "include:broken.example -all");
    RECORDS.put("broken.example. TXT", NameServer.SERVFAIL);
    spf("softexists.example", "exists:broken.example -all");
    RECORDS.put("broken.example. A", NameServer.SERVFAIL);
    spf("void2.example", "a:no1.example a:no2.example ip4:192.0.2.1 -all");
    spf("void3.example", "a:no1.example a:no2.example a:no3.example ip4:192.0.2.1 -all");
    spf("loop.example", "include:loop.example -all");
    spf("ten.example", terms(10) + " ip4:192.0.2.1 -all");
    spf("eleven.example", terms(11) + " ip4:192.0.2.1 -all");
    a("a.local.example", "198.51.100.1");
    spf("mx11.example", "mx ip4:192.0.2.1 -all");
    RECORDS.put(
        "mx11.example. MX", IntStream.range(0, 11).mapToObj(i -> i + " a.local.example.").toList());
    server = new NameServer(RECORDS);
    dns = DnsJavaResolver.of(server.address());
  }

  private static String terms(int count) {
    return String.join(" ", java.util.Collections.nCopies(count, "a:a.local.example"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String result(String ip, String domain) throws Exception {
    return new SpfCheck(dns)
        .check(InetAddress.getByName(ip), "joe", domain, "client.example")
        .result();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, ip4.example, pass",
    "198.51.100.1, ip4.example, fail",
    "2001:db8::7, ip6.example, pass",
    "2001:db9::7, ip6.example, softfail",
    "192.0.2.1, ip6.example, softfail",
    "192.0.2.1, soft.example, softfail",
    "192.0.2.1, neutral.example, neutral",
    "192.0.2.1, nomatch.example, neutral",
    "192.0.2.1, nothing.example, none",
    "192.0.2.1, localhost, none",
    "192.0.2.1, '', none",
    "192.0.2.1, '[192.0.2.1]', none",
    "192.0.2.1, a.example, pass",
    "192.0.2.2, a.example, fail",
    "2001:db8::1, a6.example, pass",
    "192.0.2.1, mx.example, pass",
    "192.0.2.2, mx.example, fail",
    "192.0.2.1, mx2.example, pass",
    "192.0.2.1, ptr.example, pass",
    "192.0.2.2, ptr.example, fail",
    "192.0.2.1, include.example, pass",
    "192.0.2.1, redirect.example, pass",
    "198.51.100.1, redirect.example, fail",
    "192.0.2.1, includenone.example, permerror",
    "192.0.2.1, exists.example, pass",
    "192.0.2.2, exists.example, fail",
    "192.0.2.1, macro.example, pass",
    "192.0.2.1, exp.example, fail",
    "192.0.2.1, two.example, permerror",
    "192.0.2.1, syntax.example, permerror",
    "192.0.2.1, servfail.example, temperror",
    "192.0.2.1, softexists.example, temperror",
    "192.0.2.1, broken.example, temperror",
    "192.0.2.1, void2.example, pass",
    "192.0.2.1, void3.example, permerror",
    "192.0.2.1, loop.example, permerror",
    "192.0.2.1, ten.example, pass",
    "192.0.2.1, eleven.example, permerror",
    "192.0.2.1, mx11.example, permerror",
  })
  void resultsAreThoseOfTheRfc(String ip, String domain, String expected) throws Exception {
    assertEquals(expected, result(ip, domain));
  }

  /** A record as a fake resolver gives it; a name server of 512 octets would not. */
  private static SpfCheck.Outcome hostile(String record) throws Exception {
    return new SpfCheck(FakeDns.of(record))
        .check(InetAddress.getByName("192.0.2.1"), "joe", "hostile.example", "client.example");
  }

  static Stream<String> hostileRecords() {
    String many = "x".repeat(3_900);
    return Stream.of(
        "v=spf1 a:" + many + ".example -all",
        "v=spf1 " + "%".repeat(3_900),
        "v=spf1 a:" + "%{d}.".repeat(700) + "example -all",
        "v=spf1 exists:" + "%{d1r.-+,/_=}".repeat(250) + ".example -all",
        "v=spf1 a:" + "a.".repeat(1_900) + "example -all",
        "v=spf1 a:%{d99999999999} -all",
        "v=spf1 ip4:999.1.1.1/99 -all",
        "v=spf1 " + "a=".repeat(1_900),
        "v=spf1 ip4:192.0.2.2" + " ip4:192.0.2.2".repeat(20_000) + " -all");
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.MethodSource("hostileRecords")
  void aRecordThatIsWrittenToDoHarmHasSomeResultSoon(String record) throws Exception {
    SpfCheck.Outcome outcome = hostile(record);
    assertTrue(List.of("permerror", "fail", "neutral").contains(outcome.result()), outcome::result);
    assertTrue(!outcome.why().contains("x".repeat(300)), outcome::why);
  }

  @Test
  void whenTheTimeIsUpItCannotBeTold() throws Exception {
    var outcome =
        new SpfCheck(dns)
            .within(Duration.ofSeconds(-1))
            .check(InetAddress.getByName("192.0.2.1"), "joe", "ip4.example", "client.example");
    assertEquals(new SpfCheck.Outcome("temperror", "the look-ups take too long"), outcome);
  }

  @Test
  void checksAtTheSameTimeDoNotMeet() throws Exception {
    var check = new SpfCheck(dns);
    var wrong = java.util.Collections.synchronizedList(new ArrayList<String>());
    var threads = new ArrayList<Thread>();
    for (String domain : List.of("exists.example", "macro.example", "ip4.example", "mx2.example")) {
      var thread =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 50; i++) {
                    var client = InetAddress.getByName("192.0.2.1");
                    var outcome = check.check(client, "joe", domain, "client.example");
                    if (!outcome.result().equals("pass")) {
                      wrong.add(domain + ": " + outcome);
                    }
                  }
                } catch (Exception e) {
                  wrong.add(e.toString());
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), wrong);
  }
}
