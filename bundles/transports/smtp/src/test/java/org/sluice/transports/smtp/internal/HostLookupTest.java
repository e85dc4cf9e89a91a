package org.sluice.transports.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The look-up vectors of spec 30 section 2.12. */
class HostLookupTest {
  private final FakeDns dns =
      new FakeDns().a("m1", "127.0.0.1").a("m2", "127.0.0.2").a("m3", "127.0.0.3");

  private String find(String host, String... routes) {
    try {
      return new HostLookup(dns, FakeDns::own, true)
          .find(Route.find(Route.table(List.of(routes)), host)).stream()
              .map(t -> t.address().getHostAddress())
              .toList()
              .toString();
    } catch (RemoteFailure e) {
      return e.report().replaceAll("(?s).*\\((.*)\\)\n", "$1");
    }
  }

  @Test
  void exchangersInOrderUpToMyself() {
    dns.mx("a", 20, "m3", 10, "m2").mx("b", 10, "m1", 20, "m3");
    dns.mx("c", 10, "m2", 20, "m1", 30, "m3").mx("d", 10, "m3", 10, "m1").mx("e", 10, "zero");
    dns.a("zero", "0.0.0.0").mx("dots", 50, "127.0.0.9", 10, "m2");
    assertEquals("[127.0.0.2, 127.0.0.3]", find("a"));
    assertEquals("#5.4.6", find("b"));
    assertEquals("[127.0.0.2]", find("c"));
    assertEquals("#5.4.6", find("d"));
    assertEquals("#5.4.6", find("e"));
    assertEquals("[127.0.0.9, 127.0.0.2]", find("dots"));
  }

  @Test
  void softAndHardFailures() {
    dns.failing.add("bad");
    dns.mx("a", 10, "none").mx("b", 5, "none", 10, "m3").mx("c", 10, "bad");
    dns.mx("d", 10, "bad", 20, "m3");
    dns.mx.put("cname", List.of());
    dns.a("cname", "127.0.0.3");
    assertEquals("#5.4.4", find("a"));
    assertEquals("[127.0.0.3]", find("b"));
    assertEquals("#4.1.2", find("c"));
    assertEquals("[127.0.0.3]", find("d"));
    assertEquals("#4.1.2", find("bad"));
    assertEquals("[127.0.0.3]", find("m3"));
    assertEquals("[127.0.0.3]", find("cname"));
    assertEquals("#5.1.2", find("none"));
    var failure =
        assertThrows(
            RemoteFailure.class,
            () -> {
              throw RemoteFailure.dnsHard("no pe\u0001.test");
            });
    assertEquals(
        "DSorry, I couldn't find any host named no?pe?.test. (#5.1.2)\n", failure.report());
  }

  @Test
  void ipv6OnlyWhereThereIsNoIpv4() {
    dns.addresses6.put("v6", "::1:2");
    dns.addresses6.put("m3", "::1:2");
    assertEquals("[0:0:0:0:0:0:1:2]", find("v6"));
    assertEquals("[127.0.0.3]", find("m3"));
    assertEquals("[0:0:0:0:0:0:1:2]", find("[IPv6:::1:2]"));
    assertEquals(
        new Route("[IPv6:::1]", 26, true), Route.find(Route.table(List.of(":[IPv6:::1]:26")), "x"));
  }

  @Test
  void routes() {
    assertEquals("[127.0.0.3]", find("A.B.TEST", "a.b.test:127.0.0.3"));
    assertEquals("[127.0.0.3]", find("x.b.test", ".b.test:[127.0.0.3]"));
    assertEquals("#5.1.2", find("b.test", ".b.test:[127.0.0.3]"));
    assertEquals(
        "[127.0.0.3]",
        find("x.b.test", ":127.0.0.2", ".test:127.0.0.2", ".b.test:127.0.0.3", "b.test:127.0.0.2"));
    dns.mx("two.test", 10, "m2");
    assertEquals("[127.0.0.2]", find("two.test", ":127.0.0.9", "two.test:"));
    assertEquals("[127.0.0.1]", find("two.test", "two.test:127.0.0.1"));
    assertEquals("#5.1.2", find("zz.test", "zz.test:two.test"));
    assertEquals("[127.0.0.3]", find("zz.test", "zz.test:127.0.0.2", "zz.test:127.0.0.3"));
    assertEquals("[127.0.0.3]", find("[127.0.0.9]", ".0.9]:127.0.0.3"));
    assertEquals("#5.1.2", find("key", "key::25"));
    assertEquals(25, Route.find(Route.table(List.of(":r:25junk")), "x").port());
    assertEquals(0, Route.find(Route.table(List.of(":r:")), "x").port());
  }
}
