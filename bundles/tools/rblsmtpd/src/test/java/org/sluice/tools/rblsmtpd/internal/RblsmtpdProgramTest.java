package org.sluice.tools.rblsmtpd.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.testkit.FakeExecution;
import org.sluice.testkit.NameServer;
import org.sluice.testkit.RecordingExecution;
import org.sluice.testkit.TestContext;

class RblsmtpdProgramTest {
  private static final String ALL =
      "help\r\nHELO x\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\nRSET\r\nNOOP\r\nquit\r\nnoop\r\n";

  private static final Map<String, List<String>> RECORDS =
      Map.of(
          "3.2.0.192.rbl.test. TXT",
          List.of("\"Listed \" \"here\\010\""),
          "3.2.0.192.more.test. TXT",
          List.of("more"),
          "3.2.0.192.empty.test. TXT",
          List.of("\"\""),
          "3.2.0.192.good.test. A",
          List.of("127.0.0.2"),
          "3.2.0.192.down.test. TXT",
          NameServer.SERVFAIL,
          "3.2.0.192.down.test. A",
          NameServer.SERVFAIL,
          "1." + "0.".repeat(23) + "8.b.d.0.1.0.0.2.rbl.test. TXT",
          List.of("six"));

  private TestContext context = new TestContext(List.of());

  private static TestContext context(String... arguments) {
    return new TestContext(List.of(arguments)).with(Map.of("TCPREMOTEIP", "192.0.2.3"));
  }

  private static String[] words(String options) {
    return (options + " qmail-smtpd arg").strip().split(" +");
  }

  /** {@code ran} if the program was run, else the reply to all that leads to mail. */
  private String decision(TestContext asked) throws Exception {
    context = asked;
    context.stdin("RCPT TO:<b>\r\nQUIT\r\n");
    context.programs(
        argv -> {
          assertEquals(List.of("qmail-smtpd", "arg"), argv);
          return new FakeExecution(context, (in, out) -> 17);
        });
    int status = new RblsmtpdProgram().run(context);
    if (status == 17) {
      assertEquals("", context.stdout() + context.stderr());
      return "ran";
    }
    assertEquals(0, status);
    String[] lines = context.stdout().split("\r\n");
    assertEquals(List.of("220 rblsmtpd.local", lines[1], "221 rblsmtpd.local"), List.of(lines));
    String client = context.environment().get("TCPREMOTEIP");
    assertTrue(
        context
            .stderr()
            .matches("rblsmtpd: " + client + " pid [1-9][0-9]*: \\Q" + lines[1] + "\\E\n"),
        context.stderr());
    return lines[1];
  }

  @ParameterizedTest
  @CsvSource({"Blocked,451", "-Blocked,553"})
  void takesNoMail(String told, String code) throws Exception {
    context = context("qmail-smtpd").with(Map.of("RBLSMTPD", told)).stdin(ALL);
    assertEquals(0, new RblsmtpdProgram().run(context));
    String no = code + " Blocked\r\n";
    String yes = "250 rblsmtpd.local\r\n";
    assertEquals(
        "220 rblsmtpd.local\r\n" + no + yes + yes + no + no + yes + yes + "221 rblsmtpd.local\r\n",
        context.stdout());
  }

  @ParameterizedTest
  @CsvSource({
    // Options of the command line, what becomes of 192.0.2.3.
    "'',ran",
    "-b,ran",
    "-r none.test,ran",
    "-r rbl.test,451 Listed here?",
    "-rrbl.test.,451 Listed here?",
    "-r .rbl..test,451 Listed here?",
    "-r none.test -r more.test -r rbl.test,451 more",
    "-r empty.test,ran",
    "-r rbl.test -b,451 Listed here?",
    "-b -r rbl.test,553 Listed here?",
    "-b -B -r rbl.test,451 Listed here?",
    "-b -r none.test -B -r rbl.test,451 Listed here?",
    "-a good.test -r rbl.test,ran",
    "-r rbl.test -a good.test,451 Listed here?",
    "-a none.test -b -r rbl.test,553 Listed here?",
    "-a more.test -r rbl.test,451 Listed here?",
    "-r down.test,ran",
    "-C -r down.test -r more.test,451 more",
    "-b -r down.test -r more.test,451 more",
    "-c -r down.test,451 temporary RBL lookup error",
    "-b -c -r down.test,451 temporary RBL lookup error",
    "-r down.test -c,ran",
    "-c -C -r down.test,ran",
    "-a down.test -r rbl.test,ran",
    "-c -a down.test -r rbl.test,451 Listed here?",
    "-b -c -a down.test -r rbl.test,451 Listed here?",
    "-c -a down.test -b -r none.test,ran",
    "-c -a good.test -r down.test,ran",
  })
  void asksListsInTheirOrder(String options, String expected) throws Exception {
    try (var dns = new NameServer(RECORDS)) {
      var asked = context(words(options)).with(Map.of("DNSCACHEIP", dns.address()));
      assertEquals(expected, decision(asked));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'',ran",
    "Blocked,451 Blocked",
    "-Blocked,553 Blocked",
    "-,553 ''",
    "--x,553 -x",
  })
  void whatItIsToldCountsMoreThanLists(String told, String expected) throws Exception {
    try (var dns = new NameServer(RECORDS)) {
      for (String options : List.of("-b -r rbl.test", "-c -r down.test", "-a good.test")) {
        var asked = context(words(options)).with(Map.of("DNSCACHEIP", dns.address()));
        assertEquals(expected.replace("''", ""), decision(asked.with(Map.of("RBLSMTPD", told))));
      }
    }
  }

  @Test
  void knowsAddressesOfBothKinds() throws Exception {
    assertEquals("3.2.0.192.", ReversedAddress.of("192.0.2.3"));
    assertEquals("", ReversedAddress.of(""));
    assertEquals("b..a.", ReversedAddress.of("a..b"));
    try (var dns = new NameServer(RECORDS)) {
      var asked = context(words("-r rbl.test")).with(Map.of("DNSCACHEIP", dns.address()));
      assertEquals("451 six", decision(asked.with(Map.of("TCPREMOTEIP", "2001:db8::1"))));
      asked = context(words("-r rbl.test")).with(Map.of("DNSCACHEIP", dns.address()));
      assertEquals("ran", decision(asked.with(Map.of("TCPREMOTEIP", "192.0.2.4"))));
    }
  }

  @Test
  void anAddressMayHaveDotsTooMany() throws Exception {
    try (var dns = new NameServer(RECORDS)) {
      var asked = context(words("-r rbl.test")).with(Map.of("DNSCACHEIP", dns.address()));
      assertEquals("451 Listed here?", decision(asked.with(Map.of("TCPREMOTEIP", "192.0.2.3."))));
    }
  }

  @Test
  void theTextIsCutAndPrintable() throws Exception {
    String told = "\t\u00e9\u007f " + "x".repeat(300);
    var asked = context(words("")).with(Map.of("RBLSMTPD", told));
    assertEquals("451 ??? " + "x".repeat(196), decision(asked));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-t0", "-t 0", "-t5x -tx"})
  void withoutTimeOnlyTheReplyIsSaid(String options) throws Exception {
    context = context(words(options)).with(Map.of("RBLSMTPD", "no")).stdin(ALL);
    assertEquals(0, new RblsmtpdProgram().run(context));
    assertEquals("451 no\r\n", context.stdout());
  }

  /** A command in each read, and then nothing for ever. */
  private static InputStream slowly(String... commands) {
    Iterator<InputStream> each =
        Arrays.stream(commands)
            .<InputStream>map(
                c -> new ByteArrayInputStream((c + "\r\n").getBytes(StandardCharsets.US_ASCII)))
            .iterator();
    var silent =
        new InputStream() {
          @Override
          public int read() throws IOException {
            try {
              new java.util.concurrent.CountDownLatch(1).await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            throw new IOException("interrupted");
          }
        };
    var parts = new java.util.ArrayList<InputStream>();
    each.forEachRemaining(parts::add);
    parts.add(silent);
    return new SequenceInputStream(java.util.Collections.enumeration(parts));
  }

  @ParameterizedTest
  @CsvSource({"'',2", "-t 31,1", "-t31 -t91,4"})
  void aClientHasItsTimeInAll(String options, int answers) throws Exception {
    context = context(words(options)).with(Map.of("RBLSMTPD", "no"));
    context.input(slowly("NOOP", "NOOP", "NOOP", "NOOP", "NOOP"));
    var now = new java.util.concurrent.atomic.AtomicLong();
    // Each look at the clock is 20 s after the last: one at the start, one before each read.
    var program = new RblsmtpdProgram(() -> Instant.EPOCH.plusSeconds(now.getAndAdd(20)));
    assertEquals(0, program.run(context));
    String expected = "220 rblsmtpd.local\r\n" + "250 rblsmtpd.local\r\n".repeat(answers);
    int looks = (int) (now.get() / 20);
    assertEquals(expected, context.stdout(), looks + " looks at the clock");
  }

  @Test
  void aSilentClientIsLeftWithoutAWord() throws Exception {
    context = context(words("-t 60")).with(Map.of("RBLSMTPD", "no")).input(slowly("NOOP"));
    var times = List.of(0L, 0L, 59_990L).iterator();
    var program = new RblsmtpdProgram(() -> Instant.ofEpochMilli(times.next()));
    assertEquals(0, program.run(context));
    assertEquals("220 rblsmtpd.local\r\n250 rblsmtpd.local\r\n", context.stdout());
  }

  @Test
  void readsAsSmtpServersDoButForNul() throws Exception {
    context = context(words("")).with(Map.of("RBLSMTPD", "no"));
    context.stdin("noop\0\r\nnoop \0 x\nNooP\r\nNOOP\r\r\n NOOP\n\nRSET\tx\nEHLO  x\nQUIT");
    assertEquals(0, new RblsmtpdProgram().run(context));
    assertEquals(
        "220 451 250 250 451 451 451 451 250",
        context.stdout().replaceAll(" [^\r]*\r\n", " ").strip());
    context = context(words("")).with(Map.of("RBLSMTPD", "no"));
    context.stdin("x".repeat(1 << 20) + "\nQUIT\n");
    assertEquals(0, new RblsmtpdProgram().run(context));
    assertEquals("220 rblsmtpd.local\r\n", context.stdout());
  }

  @Test
  void aFloodOfCommandsIsAnsweredInPieces() throws Exception {
    var longest = new java.util.concurrent.atomic.AtomicInteger();
    var out =
        new java.io.ByteArrayOutputStream() {
          @Override
          public void write(byte[] octets) {
            longest.accumulateAndGet(octets.length, Math::max);
            writeBytes(octets);
          }
        };
    context = context(words("")).with(Map.of("RBLSMTPD", "x".repeat(200))).output(1, out);
    // A long line makes room for many short ones.
    context.stdin("x".repeat(60_000) + "\n" + "\n".repeat(200_000));
    assertEquals(0, new RblsmtpdProgram().run(context));
    assertEquals(200_001, context.stdout().split("451 ", -1).length - 1);
    assertTrue(longest.get() < 10_000, "written at once: " + longest);
  }

  @Test
  void theProgramTakesItsPlace() throws Exception {
    context = context("-b", "--", "qmail-smtpd", "-r", "rbl.test");
    var run = new RecordingExecution(List.of(), e -> 42);
    context.programs(
        argv -> {
          assertEquals(List.of("qmail-smtpd", "-r", "rbl.test"), argv);
          return run;
        });
    assertEquals(42, new RblsmtpdProgram().run(context));
    assertTrue(run.inputs.isEmpty() && run.outputs.isEmpty() && run.environment.isEmpty());
  }

  @Test
  void troubleIsNamed() throws Exception {
    String usage =
        "rblsmtpd: usage: rblsmtpd [ -b ] [ -R ] [ -t timeout ] [ -r base ] [ -a base ]"
            + " smtpd [ arg ... ]\n";
    context = context("-b");
    assertEquals(100, new RblsmtpdProgram().run(context));
    assertEquals(usage, context.stderr());
    context = context("-R", "qmail-smtpd");
    assertEquals(100, new RblsmtpdProgram().run(context));
    assertEquals("rblsmtpd: illegal option -- R\n" + usage, context.stderr());
    context = context("none");
    context.programs(argv -> FakeExecution.failing(context, "error=2, No such file or directory"));
    assertEquals(111, new RblsmtpdProgram().run(context));
    assertEquals("rblsmtpd: fatal: unable to run none: file does not exist\n", context.stderr());
  }
}
