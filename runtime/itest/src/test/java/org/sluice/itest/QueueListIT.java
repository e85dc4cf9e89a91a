package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator sees of the queue of a real server. */
class QueueListIT {
  private static final Pattern HEAD =
      Pattern.compile("(?m)^([0-9]+ [A-Z][a-z]{2} [0-9]{4} [0-9:]{8}) GMT  #([0-9]+)  ([0-9]+)  <");
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("d MMM yyyy HH:mm:ss", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static Server server;

  @BeforeAll
  static void start() throws Exception {
    int closed;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    server = new Server("queue-list", Map.of());
    server.control("smtproutes", ":127.0.0.1:" + closed + "\n");
    server.sluice("mailbox", "add", "joe");
    Files.writeString(server.home.resolve("mail/joe/.qmail-wait"), "|exit 111\n");
    server.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** Runs a shell line, as one does who has not bin/ in his PATH; its status and what it wrote. */
  private static Map.Entry<Integer, String> sh(Path home, String line)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder("/bin/sh", "-c", "cd $DIST/bin; " + line);
    builder.environment().put("SLUICE_HOME", home.toString());
    builder.environment().put("DIST", Server.DIST.toString());
    builder.environment().put("PATH", "/usr/bin:/bin");
    Path output = Files.createTempFile(server.home, "sh", ".txt");
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    process.getOutputStream().close();
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), line + " hangs");
    return Map.entry(process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
  }

  private static String listing() throws IOException {
    try {
      return sh(server.home, "./qmail-qread").getValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void queue(String sender, String... recipients) throws Exception {
    String envelope = "F" + sender + "\0T" + String.join("\0T", recipients) + "\0\0";
    Path file = server.home.resolve("envelope");
    Files.writeString(file, envelope, StandardCharsets.ISO_8859_1);
    String line = "echo Subject: x | ./qmail-queue 1<" + file;
    assertEquals(Map.entry(0, ""), sh(server.home, line));
  }

  /** Of the only message with this sender in the log: its number and its size. */
  private static String info(String sender) throws IOException {
    var info = Pattern.compile(" info msg ([0-9]+): bytes ([0-9]+) from <" + sender + "> ");
    var found =
        server.log().stream()
            .map(info::matcher)
            .filter(match -> match.find())
            .map(match -> "#" + match.group(1) + "  " + match.group(2))
            .toList();
    assertEquals(1, found.size(), found::toString);
    return found.get(0);
  }

  /** What is listed, with D for dates, all of which lie between two instants. */
  private static String masked(String listing, Instant from, Instant to) {
    var match = HEAD.matcher(listing);
    while (match.find()) {
      Instant birth = Instant.from(DATE.parse(match.group(1)));
      assertFalse(birth.isBefore(from.truncatedTo(ChronoUnit.SECONDS)), match.group(1));
      assertFalse(birth.isAfter(to), match.group(1));
    }
    return HEAD.matcher(listing).replaceAll("D GMT  #$2  $3  <");
  }

  @Test
  void mailThatWaitsIsListedAndCounted() throws Exception {
    assertEquals(Map.entry(0, ""), sh(server.home, "./qmail-qread"));
    Instant from = Instant.now();
    queue(
        "plain@s.example",
        "x@far.example",
        "joe@localhost",
        "nosuch@localhost",
        "joe-wait@localhost");
    queue("send er@x\u00e9.example-@[]", "b\u007f@far.example");
    Poll.until("both are in the log", 60_000, () -> server.log().toString().contains("<send_er@"));
    String odd = info("send_er@x.\\.example-@\\[\\]");
    String expected =
        "D GMT  "
            + info("plain@s.example")
            + "  <plain@s.example>  bouncing\n"
            + "  done\tlocal\tjoe@localhost\n"
            + "  done\tlocal\tnosuch@localhost\n"
            + "\tlocal\tjoe-wait@localhost\n"
            + "\tremote\tx@far.example\n"
            + "D GMT  "
            + odd
            + "  <send er@x_.example-@[]> \n"
            + "\tremote\tb_@far.example\n";
    Poll.until(
        "first attempts are over",
        60_000,
        () -> server.log().stream().filter(line -> line.contains(": deferral: ")).count() >= 3);
    Poll.until(
        "that is written down", 60_000, () -> listing().contains(" bouncing\n  done\tlocal\tjoe@"));
    for (String program : List.of("./qmail-qread", "./mailq", "./sendmail -bp")) {
      var said = sh(server.home, program);
      assertEquals(0, said.getKey(), said::getValue);
      assertEquals(expected, masked(said.getValue(), from, Instant.now()), program);
    }
    assertEquals(expected, masked(server.sluice("shell", "qmail-qread"), from, Instant.now()));
    String counts = "messages in queue: 2\nmessages in queue but not yet preprocessed: 0\n";
    assertEquals(Map.entry(0, counts), sh(server.home, "./qmail-qstat"));
  }

  @Test
  void anotherUserIsToldThatItIsNotHis() throws Exception {
    String other = "setpriv --reuid 54321 --regid 54321 --clear-groups ";
    Assumptions.assumeTrue(
        sh(server.home, other + "test -r ./program").getKey() == 0,
        "only root can be another user, and that one must be able to read the distribution");
    String reason =
        ": is run by the server in " + server.home + ", which only its own user may use\n";
    assertEquals(Map.entry(111, "qmail-qread" + reason), sh(server.home, other + "./mailq"));
    assertEquals(Map.entry(111, "qmail-qstat" + reason), sh(server.home, other + "./qmail-qstat"));
  }

  @Test
  void withoutAServerTheReasonIsSaid() throws Exception {
    Path nowhere = server.home.resolve("nowhere");
    Files.createDirectories(nowhere);
    String reason =
        "%s: is run by the server in "
            + nowhere
            + ", which is not running; 'sluice start' starts it\n";
    for (String program : List.of("qmail-qread", "qmail-qstat")) {
      assertEquals(Map.entry(111, reason.formatted(program)), sh(nowhere, "./" + program));
    }
    for (String program : List.of("mailq", "sendmail -bp")) {
      assertEquals(Map.entry(111, reason.formatted("qmail-qread")), sh(nowhere, "./" + program));
    }
  }
}
