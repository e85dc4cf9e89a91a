package org.sluice.net.internal.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.TestContext;

/** Rules for IPv6: beyond tcprules, in lines that it cannot parse. */
class SixRulesTest {
  @TempDir java.nio.file.Path home;

  @Test
  void oneFormOfAddressesAndNetworks() throws Exception {
    assertEquals(List.of("::1"), parse("[0:0:0:0:0:0:0:1]:allow"));
    assertEquals(List.of("2001:db8::/32"), parse("[2001:DB8:1:2::3/32]:deny"));
    assertEquals(List.of("2001:db8::a"), parse("[2001:db8::a/128]:allow,A=\"]:\""));
    assertEquals(List.of("::/0"), parse("[::/0]:deny"));
    assertEquals(List.of("fe80::/10"), parse("[fe80:1::/10]:deny"));
    assertEquals(List.of("2001:db8::8000/127"), parse("[2001:db8::8001/127]:deny"));
  }

  @Test
  void whatIsNoAddressIsAsEver() throws Exception {
    assertEquals(List.of("[a]"), parse("[a]:allow"));
    assertEquals(List.of("[1.2.3.4]"), parse("[1.2.3.4]:allow"));
    for (String bad :
        List.of(
            "[::1/-4]:allow",
            "[::1/129]:allow",
            "[::g]:allow",
            "[::1/]:allow",
            "[::1]allow",
            "[::1]:permit",
            "::1:allow")) {
      assertThrows(RuleLine.Malformed.class, () -> RuleLine.parse(bad), bad);
    }
  }

  @Test
  void theSmallestNetworkDecides() throws Exception {
    var make =
        new TestContext(List.of("r.cdb", "r.tmp"))
            .stdin(
                "[2001:db8::/32]:allow,N=\"32\"\n[2001:db8:7::/48]:deny\n[2001:db8:7::1]:allow\n[fe80::/10]:deny\n:deny\n")
            .in(home);
    assertEquals(0, new TcpRules().run(make));
    assertEquals(
        "rule 2001:db8::/32:\nset environment variable N=32\nallow connection\n",
        check("2001:db8::1"));
    assertEquals("rule 2001:db8:7::/48:\ndeny connection\n", check("2001:db8:7:ffff::1"));
    assertEquals("rule 2001:db8:7::1:\nallow connection\n", check("2001:DB8:7:0:0:0:0:1"));
    assertEquals("rule :\ndeny connection\n", check("2001:db9::1"));
    assertEquals("rule fe80::/10:\ndeny connection\n", check("febf::1"));
    assertEquals("rule :\ndeny connection\n", check("fec0::1"));
  }

  private String check(String ip) throws Exception {
    var context = new TestContext(List.of("r.cdb")).with(Map.of("TCPREMOTEIP", ip)).in(home);
    assertEquals(0, new TcpRulesCheck().run(context));
    return context.stdout();
  }

  private static List<String> parse(String line) throws RuleLine.Malformed {
    return RuleLine.parse(line).orElseThrow().addresses();
  }
}
