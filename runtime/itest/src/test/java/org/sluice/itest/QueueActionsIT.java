package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What an operator does to messages of a real server, many at once, and sees beforehand. */
class QueueActionsIT {
  private static final Pattern NUMBER = Pattern.compile(" GMT  (#[0-9]+)  ");
  private static final String USER = Server.user();

  /** Runs bin/queue with words; what it says. */
  private static String queue(Server server, String words) throws IOException {
    List<String> command = new ArrayList<>(List.of(Server.DIST.resolve("bin/queue").toString()));
    command.addAll(List.of(words.split(" ")));
    Path output = Files.createTempFile(server.home, "queue", ".txt");
    Process process =
        server.builder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    process.getOutputStream().close();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "it hangs");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return Files.readString(output, StandardCharsets.ISO_8859_1);
  }

  private static List<String> numbers(String listing) {
    return NUMBER.matcher(listing).results().map(found -> found.group(1)).toList();
  }

  private static void send(Server server, String from, String to) throws IOException {
    try (var client = new SmtpClient(server.port())) {
      client.command("HELO client.example");
      assertEquals("250", client.send(from, to, "Subject: x\n\nx\n").substring(0, 3));
    }
  }

  private static long deferrals(Server server) throws IOException {
    return server.log().stream().filter(line -> line.contains(": deferral: ")).count();
  }

  @Test
  void manyAtOnceAndOnlyThoseThatAreMeant() throws Exception {
    try (var server = new Server("queue-actions", Map.of())) {
      server.control("rcpthosts", "localhost\nfar.example\nother.example\n");
      server.control("smtproutes", ":127.0.0.1:1\n"); // where nobody listens
      server.start();
      send(server, "news@shop.example", "x@far.example");
      send(server, "news@shop.example", "y@other.example");
      send(server, USER + "@localhost", "x@far.example");
      Poll.until("all wait", 60_000, () -> deferrals(server) == 3);

      String shown = queue(server, "hold -d far.example");
      assertEquals(2, numbers(shown).size(), shown);
      assertTrue(shown.endsWith("\nhold: 2 messages if -y is added\n"), shown);
      assertEquals("", queue(server, "list -s held"), "that was not it");
      assertEquals("hold: 2 messages\n", queue(server, "hold -d far.example -y"));
      assertEquals(numbers(shown), numbers(queue(server, "list -s held")));

      String said = server.sluice("shell", "queue release -f @shop.example -y");
      assertTrue(said.contains("release: 1 messages"), said);
      assertEquals("bounce: 1 messages\n", queue(server, "bounce -f " + USER + "@localhost -y"));
      Poll.until("it is tried again", 60_000, () -> deferrals(server) == 4);
      Poll.until(
          "that is written down, and it is removed",
          60_000,
          () ->
              queue(server, "remove -o 0s -f news@SHOP.example -d far.example -y")
                  .equals("remove: 1 messages\n"));
      var maildir = server.maildir(USER);
      Poll.until("the sender is told", 60_000, () -> maildir.count() == 1);
      assertTrue(maildir.messages().get(0).contains("bounced by the postmaster"));

      Poll.until("one is left", 60_000, () -> numbers(queue(server, "list")).size() == 1);
      String last = numbers(queue(server, "list")).get(0);
      assertEquals("", queue(server, "remove " + last));
      String gone = last + ": not in the queue, or an attempt is under way\n";
      assertEquals(gone, queue(server, "remove " + last));
      assertEquals("", queue(server, "list"));
      assertTrue(
          Files.readString(server.home.resolve("log/sluice"))
              .contains("queue remove " + last.substring(1)));
    }
  }
}
