package org.sluice.net.internal.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.control.cdb.Cdb;
import org.sluice.net.internal.Rules;
import org.sluice.testkit.TestContext;

/** What must hold for every range of addresses, tried with many of them. */
class RuleRangesTest {
  private static final int CASES = 2_000;
  @TempDir Path home;

  @Test
  void aRangeIsItsNumbersInOrder() throws Exception {
    var random = new Random(1);
    for (int i = 0; i < CASES; i++) {
      int first = random.nextInt(300);
      int last = random.nextInt(400);
      String before = random.nextBoolean() ? "" : random.nextInt(256) + ".";
      String after = List.of("", ".", "." + random.nextInt(256), ".1-2.").get(random.nextInt(4));
      List<String> expected = new ArrayList<>();
      for (int n = first; n <= Math.min(last, 255); n++) {
        expected.add(before + n + after);
      }
      String address = before + "0".repeat(random.nextInt(3)) + first + "-" + last + after;
      assertEquals(expected, RuleLine.parse(address + ":deny").orElseThrow().addresses(), address);
    }
  }

  @Test
  void hugeNumbersAreNumbers() throws Exception {
    assertEquals(List.of(), parse("99999999999999999999-3"));
    // 2^64 + 2 is 2, and 2^64 - 1 is more than 255.
    assertEquals(List.of("2", "3"), parse("18446744073709551618-3"));
    assertEquals(List.of("254", "255"), parse("254-18446744073709551615"));
    assertEquals(List.of(), parse("18446744073709551615-255"));
    for (String bad : List.of("1x-2", "1-2x", "-1-2", "1--2", "1.+1-2", "\u00b2-3")) {
      assertThrows(RuleLine.Malformed.class, () -> RuleLine.parse(bad + ":allow"), bad);
    }
  }

  @Test
  void clientsAreJudgedByTheFirstRuleThatHasThem() throws Exception {
    var random = new Random(2);
    for (int round = 0; round < 20; round++) {
      int[] first = new int[4];
      int[] last = new int[4];
      var text = new StringBuilder();
      for (int rule = 0; rule < 4; rule++) {
        first[rule] = random.nextInt(256);
        last[rule] = first[rule] + random.nextInt(100);
        text.append("10.0.0.").append(first[rule]).append('-').append(last[rule]);
        text.append(":allow,R=\"").append(rule).append("\"\n");
      }
      Path rules = make(text.toString());
      try (var cdb = Cdb.open(rules)) {
        for (int n = 0; n < 256; n++) {
          String expected = "none";
          for (int rule = 3; rule >= 0; rule--) {
            expected = n >= first[rule] && n <= last[rule] ? "+R=" + rule : expected;
          }
          var match = Rules.find(cdb::get, "10.0.0." + n, null, null);
          assertEquals(expected, match.map(m -> m.entries().get(0)).orElse("none"), text + " " + n);
        }
      }
    }
  }

  private static List<String> parse(String address) throws RuleLine.Malformed {
    return RuleLine.parse(address + ":allow").orElseThrow().addresses();
  }

  private Path make(String text) throws Exception {
    var context = new TestContext(List.of("rules.cdb", "rules.tmp")).stdin(text).in(home);
    assertEquals(0, new TcpRules().run(context), context.stderr());
    return home.resolve("rules.cdb");
  }
}
