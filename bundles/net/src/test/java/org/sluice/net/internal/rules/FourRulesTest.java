package org.sluice.net.internal.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.net.internal.RuleFile;
import org.sluice.testkit.Installed;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Tool;

/** Networks of IPv4 in rules: in brackets, as those of IPv6. */
class FourRulesTest {
  private static final String RULES =
      """
      [198.51.100.77/24]:deny
      [198.51.100.16/28]:allow,N="28"
      [198.51.100.17]:deny
      198.51.100.18:allow,N="classic"
      [198.51.100.18/32]:deny
      [203.0.112.0/23]:allow,N="23"
      203.0.113.:allow,N="classic 24"
      [203.0.113.0/24]:deny
      [203.0.0.0/15]:allow,N="15"
      203.0.:allow,N="classic 16"
      192.0.2.0/24:deny
      =.example:deny
      """;

  @TempDir Path home;

  @BeforeEach
  void make() throws Exception {
    var context = new TestContext(List.of("r.cdb", "r.tmp")).stdin(RULES).in(home);
    assertEquals(0, new TcpRules().run(context), context.stderr());
  }

  @Test
  void theSmallestNetworkDecides() throws Exception {
    assertEquals("rule [198.51.100.0/24]:\ndeny connection\n", check("198.51.100.1"));
    assertEquals("rule [198.51.100.0/24]:\ndeny connection\n", check("198.51.100.255"));
    assertEquals("default:\nallow connection\n", check("198.51.101.0"));
    assertEquals(allowed("[198.51.100.16/28]", "28"), check("198.51.100.31"));
    assertEquals("rule [198.51.100.17]:\ndeny connection\n", check("198.51.100.17"));
    assertEquals(allowed("198.51.100.18", "classic"), check("198.51.100.18"));
    assertEquals(allowed("[203.0.112.0/23]", "23"), check("203.0.112.9"));
    assertEquals(allowed("203.0.113.", "classic 24"), check("203.0.113.9"));
    assertEquals(allowed("203.0.", "classic 16"), check("203.0.114.9"));
    assertEquals(allowed("[203.0.0.0/15]", "15"), check("203.1.114.9"));
  }

  /** As in tcprules; there is no telling what a site has in its file. */
  @Test
  void withoutBracketsItIsTextThatMatchesNobody() throws Exception {
    assertEquals("default:\nallow connection\n", check("192.0.2.1"));
  }

  @Test
  void aListenerSeesThem() throws Exception {
    try (var file = RuleFile.of(home.resolve("r.cdb"))) {
      assertTrue(file.check("198.51.100.1", null, null).denied());
      assertTrue(file.check("198.51.100.1", "h.example", "i").denied());
      assertFalse(file.check("198.51.101.1", null, null).denied());
      assertEquals(Map.of("N", "28"), file.check("198.51.100.31", "h.example", null).variables());
    }
  }

  @Test
  void whatIsMeantForOneAndIsNoneIsRefused() {
    for (String bad :
        List.of(
            "[192.0.2.0/33]:deny",
            "[192.0.2.0/]:deny",
            "[192.0.2.0/-1]:deny",
            "[192.0.2/24]:deny",
            "[192.0.2.]:deny",
            "[192.0.2.256]:deny",
            "[192.0.2.0-7]:deny",
            "[192.0.2.01]:deny")) {
      assertThrows(RuleLine.Malformed.class, () -> RuleLine.parse(bad), bad);
    }
  }

  @Test
  void theDatabaseIsWhatDebianMakesOfIt() throws Exception {
    Installed.program("tcprules");
    String rules =
        RULES.replace("100.77", "100.0").replace("[198.51.100.18/32]", "[198.51.100.18]");
    Tool.Result result = Tool.run(home, Map.of(), rules, "tcprules", "theirs.cdb", "x.tmp");
    assertEquals(0, result.status(), result.err());
    assertArrayEquals(
        Files.readAllBytes(home.resolve("theirs.cdb")), Files.readAllBytes(home.resolve("r.cdb")));
  }

  private static String allowed(String key, String value) {
    return "rule " + key + ":\nset environment variable N=" + value + "\nallow connection\n";
  }

  private String check(String ip) throws Exception {
    var context = new TestContext(List.of("r.cdb")).with(Map.of("TCPREMOTEIP", ip)).in(home);
    assertEquals(0, new TcpRulesCheck().run(context));
    return context.stdout();
  }
}
