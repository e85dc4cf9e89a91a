package org.sluice.net.internal.rules;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.program.Program;
import org.sluice.control.cdb.Cdb;
import org.sluice.testkit.Installed;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Tool;

/** Side by side with Debian's ucspi-tcp and tinycdb, each reading what the other wrote. */
class DebianRulesTest {
  /** Pieces that lines are put together from: rules, and what breaks them. */
  private static final List<String> PIECES =
      List.of(
          "1",
          "27",
          "255",
          "300",
          "10.",
          "127.0.0.1",
          ".",
          "-",
          "1-3",
          "5-2.",
          "=",
          "=.example",
          "@",
          "joe@",
          ":",
          ":",
          ":allow",
          ":deny",
          ":allow",
          ":deny",
          "allow",
          ",A=\"1\"",
          ",B=/x/",
          ",C=\"\"",
          ",=\"q\"",
          ",",
          "\"",
          " ",
          "\t",
          "#",
          "\u00e9",
          "\0",
          "x",
          "\r");

  @TempDir Path home;

  private String[] ours(Program program, Map<String, String> environment, String in, String... args)
      throws Exception {
    var context = new TestContext(List.of(args)).stdin(in).with(environment).in(home);
    int status = program.run(context);
    return new String[] {"" + status, context.stdout(), context.stderr()};
  }

  private String[] theirs(Map<String, String> environment, String in, String... command)
      throws Exception {
    Tool.Result result = Tool.run(home, environment, in, command);
    return new String[] {"" + result.status(), result.out(), result.err()};
  }

  private static String line(Random random) {
    var line = new StringBuilder();
    for (int i = random.nextInt(7); i >= 0; i--) {
      line.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return line.toString();
  }

  private static String goodLine(Random random) {
    String address =
        List.of(
                "10." + random.nextInt(4) + "-" + random.nextInt(9) + ".",
                "10.1.2." + random.nextInt(9),
                "=.y" + random.nextInt(3),
                "=",
                "",
                "joe@10.1.2.3",
                "joe@=a.y1",
                "1-9.2-3.")
            .get(random.nextInt(8));
    return address
        + List.of(":allow", ":deny", ":allow,A=\"" + random.nextInt() + "\"", ":deny,B=//")
            .get(random.nextInt(4));
  }

  @Test
  void sameDatabaseOrTheSameComplaintForAnyText() throws Exception {
    Installed.program("tcprules");
    var random = new Random(3);
    for (int i = 0; i < 400; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(4); n >= 0; n--) {
        text.append(random.nextInt(3) > 0 ? goodLine(random) : line(random));
        text.append(n > 0 || random.nextBoolean() ? "\n" : "");
      }
      String rules = text.toString();
      String[] expected = theirs(Map.of(), rules, "tcprules", "theirs.cdb", "x.tmp");
      assertArrayEquals(
          expected, ours(new TcpRules(), Map.of(), rules, "ours.cdb", "x.tmp"), rules);
      assertEquals(
          Files.exists(home.resolve("theirs.cdb")), Files.exists(home.resolve("ours.cdb")));
      if (expected[0].equals("0")) {
        assertArrayEquals(
            Files.readAllBytes(home.resolve("theirs.cdb")),
            Files.readAllBytes(home.resolve("ours.cdb")),
            rules);
      }
    }
  }

  @Test
  void sameRangesWithNul() throws Exception {
    Installed.program("tcprules");
    for (String address :
        List.of(
            "1.2.3.4\0-5",
            "1.2.3.4-5\0",
            "1.2.3.\0004-5",
            "1.2.3.4-\0005",
            "1.2.\0003.4-5",
            "a\0b",
            "1-2\0x",
            "1x\0-2",
            "1-x\0.",
            "\0-1",
            "1-2.\0",
            "1\0-2\0-3.",
            "1\0@-2")) {
      String rules = address + ":deny\n";
      String[] expected = theirs(Map.of(), rules, "tcprules", "theirs.cdb", "x.tmp");
      assertArrayEquals(
          expected, ours(new TcpRules(), Map.of(), rules, "ours.cdb", "x.tmp"), rules);
      if (expected[0].equals("0")) {
        assertArrayEquals(
            Files.readAllBytes(home.resolve("theirs.cdb")),
            Files.readAllBytes(home.resolve("ours.cdb")),
            rules);
      }
    }
  }

  @Test
  void noFileHasTheEmptyName() throws Exception {
    Installed.program("tcprules");
    for (String[] files : new String[][] {{"", "t"}, {"r", ""}, {"", ""}}) {
      String[] command = {"tcprules", files[0], files[1]};
      assertArrayEquals(
          theirs(Map.of(), ":deny\n", command),
          ours(new TcpRules(), Map.of(), ":deny\n", files),
          String.join(" ", command));
    }
    assertTrue(Files.exists(home.resolve("t")));
    assertArrayEquals(
        theirs(Map.of(), "", "tcprulescheck", ""), ours(new TcpRulesCheck(), Map.of(), "", ""));
  }

  @Test
  void sameDecisionForAnyClient() throws Exception {
    Installed.program("tcprulescheck");
    var random = new Random(4);
    for (int round = 0; round < 10; round++) {
      var text = new StringBuilder();
      for (int n = 0; n < 12; n++) {
        text.append(goodLine(random)).append('\n');
      }
      ours(new TcpRules(), Map.of(), text.toString(), "ours.cdb", "x.tmp");
      theirs(Map.of(), text.toString(), "tcprules", "theirs.cdb", "x.tmp");
      for (int i = 0; i < 20; i++) {
        Map<String, String> client = new HashMap<>();
        client.put("TCPREMOTEIP", "10." + random.nextInt(9) + ".2." + random.nextInt(9));
        if (random.nextBoolean()) {
          client.put("TCPREMOTEINFO", random.nextBoolean() ? "joe" : "");
        }
        if (random.nextBoolean()) {
          client.put("TCPREMOTEHOST", "a.y" + random.nextInt(3));
        }
        assertArrayEquals(
            theirs(client, "", "tcprulescheck", "ours.cdb"),
            ours(new TcpRulesCheck(), client, "", "theirs.cdb"),
            text + " " + client);
      }
    }
  }

  @Test
  void tinycdbReadsOursAndWritesTheSame() throws Exception {
    Installed.program("cdb");
    String rules = "127.:allow,RELAYCLIENT=\"\"\n10.0-255.:deny\n1.2.3.4:allow\n1.2.3.4:deny\n";
    ours(new TcpRules(), Map.of(), rules, "ours.cdb", "x.tmp");
    String[] dump = theirs(Map.of(), "", "cdb", "-d", "ours.cdb");
    assertEquals("0", dump[0], dump[2]);
    var expected = new StringBuilder("+4,14:127.->+RELAYCLIENT=\0\n");
    for (int i = 0; i < 256; i++) {
      String key = "10." + i + ".";
      expected.append('+').append(key.length()).append(",2:").append(key).append("->D\0\n");
    }
    expected.append("+7,0:1.2.3.4->\n+7,2:1.2.3.4->D\0\n\n");
    assertEquals(expected.toString(), dump[1]);
    assertEquals("0", theirs(Map.of(), dump[1], "cdb", "-c", "theirs.cdb")[0]);
    assertArrayEquals(
        Files.readAllBytes(home.resolve("theirs.cdb")),
        Files.readAllBytes(home.resolve("ours.cdb")));
    try (var cdb = Cdb.open(home.resolve("theirs.cdb"))) {
      assertEquals("D\0", get(cdb, "10.77."));
      assertEquals("", get(cdb, "1.2.3.4"));
      assertEquals("none", get(cdb, "1.2.3.5"));
    }
  }

  private static String get(Cdb cdb, String key) throws Exception {
    return cdb.get(key.getBytes(StandardCharsets.ISO_8859_1))
        .map(data -> new String(data, StandardCharsets.ISO_8859_1))
        .orElse("none");
  }
}
