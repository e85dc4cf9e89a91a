package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of spec 20 section 4.8, and the file. */
class RulesTest {
  private static final Map<String, String> RECORDS =
      Map.of(
          "joe@10.0.0.1", "+which=1\0",
          "joe@=mail.x.y", "+which=2\0",
          "10.0.0.1", "+which=3\0",
          "=mail.x.y", "D\0",
          "10.0.0.", "D\0+A=z\0",
          "10.", "+B=q\0+C=\0",
          "=.y", "+D=d\0",
          "=", "+E=e\0");

  @Test
  void looksUpInOrder() throws IOException {
    assertEquals(Map.of("which", "1"), check("10.0.0.1", null, "joe").variables());
    assertEquals(Map.of("which", "2"), check("10.0.0.2", "mail.x.y", "joe").variables());
    assertEquals(Map.of("which", "3"), check("10.0.0.1", "mail.x.y", null).variables());
    assertTrue(check("9.9.9.9", "mail.x.y", null).denied());
    assertTrue(check("10.0.0.9", null, null).denied());
    assertEquals(Map.of("B", "q", "C", ""), check("10.9.0.9", null, null).variables());
    assertEquals(Map.of("D", "d"), check("9.9.9.9", "foo.y", null).variables());
    assertEquals(Map.of("E", "e"), check("9.9.9.9", "y", null).variables());
    assertEquals(Map.of("E", "e"), check("9.9.9.9", "MAIL.X.Y", null).variables());
    assertEquals(Verdict.ALLOW, check("9.9.9.9", null, null));
  }

  @Test
  void keys() {
    assertEquals(
        List.of("i@1.2.3.4", "i@=a.b", "1.2.3.4", "=a.b", "1.2.3.", "1.2.", "1.", "=.b", "=", ""),
        Rules.keys("1.2.3.4", "a.b", "i", false));
    var six = Rules.keys("2001:0DB8:0:12ab::1", null, null, false);
    assertEquals("2001:db8:0:12ab::1", six.get(0));
    assertTrue(
        six.containsAll(List.of("2001:db8:0:12ab::/64", "2001:db8::/32", "2000::/4", "::/0")));
    assertTrue(six.indexOf("2001:db8:0:12ab::/64") < six.indexOf("2001:db8::/32"));
    assertEquals(130, six.size());
    assertEquals("", six.get(129));
    assertEquals(
        List.of("i@1.2.3", "1.2.3", "1.2.", "1.", ""), Rules.keys("1.2.3", null, "i", true));
    var four = Rules.keys("203.0.113.201", "a.b", null, true);
    assertEquals(
        List.of("203.0.113.201", "[203.0.113.201]", "=a.b", "[203.0.113.200/31]"),
        four.subList(0, 4));
    assertEquals(
        List.of("203.0.113.", "[203.0.113.0/24]", "[203.0.112.0/23]"), four.subList(10, 13));
    assertEquals(
        List.of("203.", "[203.0.0.0/8]", "[202.0.0.0/7]"),
        four.subList(four.indexOf("203."), four.indexOf("203.") + 3));
    assertEquals(List.of("[0.0.0.0/0]", "=.b", "=", ""), four.subList(37, 41));
  }

  @Test
  void ignoresATailWithoutNul() {
    assertEquals(
        Map.of("A", "b=c"), Verdict.of(Rules.Match.of("k", bytes("x\0+A=b=c\0+T=u"))).variables());
  }

  @Test
  void escapesNames() {
    assertEquals("we\\040ird\\056ex\\045a\\072m", ReverseName.text(List.of("WE ird.ex%a:m")));
  }

  @Test
  void opensAChangedFileAgain(@TempDir Path home) throws IOException {
    Path path = home.resolve("rules");
    try (var rules = new RuleFile(path, RulesTest::open)) {
      assertThrows(IOException.class, () -> rules.check("1.2.3.4", null, null));
      Files.writeString(path, "allow");
      assertEquals(Verdict.ALLOW, rules.check("1.2.3.4", null, null));
      Files.writeString(path, "D\0");
      assertTrue(rules.check("1.2.3.4", null, null).denied());
      Files.delete(path);
      assertThrows(IOException.class, () -> rules.check("1.2.3.4", null, null));
    }
  }

  private static Verdict check(String ip, String host, String info) throws IOException {
    RuleLookup lookup =
        key ->
            Optional.ofNullable(RECORDS.get(new String(key, StandardCharsets.ISO_8859_1)))
                .map(RulesTest::bytes);
    return Rules.check(lookup, ip, host, info);
  }

  /** A database whose every record is the content of the file. */
  private static RuleFile.Database open(Path path) throws IOException {
    byte[] data = Files.readAllBytes(path);
    return new RuleFile.Database() {
      @Override
      public Optional<byte[]> get(byte[] key) {
        return Optional.of(data);
      }

      @Override
      public void close() {
        data[0] = 'X'; // a use after this gives another verdict
      }
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
