package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real messages, broken ones among them, through one server and through a hop to a second. */
class RealMailIT {
  private static Server last;
  private static Server first;

  @BeforeAll
  static void start() throws Exception {
    last = new Server("mail-last", Map.of("SLUICE_ME", "last.example")).start();
    first = new Server("mail-first", Map.of("SLUICE_ME", "first.example"));
    first.control("rcpthosts", "first.example\nlast.example\n");
    first.control("smtproutes", "last.example:127.0.0.1:" + last.port() + "\n");
    first.start();
  }

  @AfterAll
  static void stop() throws Exception {
    first.close();
    last.close();
  }

  @BeforeEach
  void empty() throws IOException {
    first.maildir(Server.user()).clear();
    last.maildir(Server.user()).clear();
  }

  /** The corpus, and what no corpus has. */
  private static List<String> mail() throws IOException {
    List<String> messages = new ArrayList<>(Corpus.messages());
    messages.add("Subject: eight bit\n\n\u00e9\u00ff\u0080\n");
    messages.add("Subject: dots\n\n.\n..\n.x\n...\n");
    messages.add(".\n");
    messages.add("Subject: NUL\n\na\0b\n\0\n\0\0\n");
    messages.add("Subject: no body\n");
    messages.add("Subject: empty body\n\n");
    messages.add("\n");
    messages.add("no header at all\n");
    messages.add("Subject: a line of a million\n\n" + "y".repeat(1_000_000) + "\n.\n");
    messages.add("X-Long: " + "z".repeat(100_000) + "\n\nbody\n");
    messages.add("Subject: a body in a file of its own\n\n" + "0123456789\n".repeat(100_000));
    return messages;
  }

  private static void send(String from, String to, List<String> messages) throws IOException {
    try (var client = new SmtpClient(first.port())) {
      assertTrue(client.command("EHLO client.example").startsWith("250"));
      for (String message : messages) {
        String reply = client.send(from, to, message);
        assertTrue(reply.startsWith("250 "), () -> reply + " for " + message);
      }
    }
  }

  private static List<String> received(Server server, int count)
      throws IOException, InterruptedException {
    var maildir = server.maildir(Server.user());
    Poll.until("all are delivered", 120_000, () -> maildir.count() >= count);
    assertEquals(count, maildir.count());
    return maildir.messages();
  }

  private static void roundTrip(List<String> sent, String to, Server sink, int hosts)
      throws IOException, InterruptedException {
    send("a@client.example", to, sent);
    List<String> got = new ArrayList<>();
    for (String message : received(sink, sent.size())) {
      got.add(Maildir.withoutTrace(message, hosts));
    }
    same(sent, got);
  }

  /** Says which message differs instead of printing megabytes. */
  private static void same(List<String> sent, List<String> got) {
    var missing = new ArrayList<>(sent);
    got.forEach(missing::remove);
    assertEquals(List.of(), missing.stream().map(RealMailIT::shown).toList());
    assertEquals(sent.size(), got.size());
  }

  private static String shown(String message) {
    return message.substring(0, Math.min(300, message.length()));
  }

  @Test
  void comesOutOfTheMaildirAsItWentIn() throws Exception {
    List<String> sent = mail();
    sent.add("Subject: a bare CR\n\na\rb\r\r\n"); // a qmail-remote would make lines of it
    roundTrip(sent, Server.user() + "@first.example", first, 1);
  }

  @Test
  void passesARelayHopUnchanged() throws Exception {
    roundTrip(mail(), Server.user() + "@last.example", last, 2);
  }

  @Test
  void comesBackFromAnUnknownUserAsABounceThatAMimeParserReads() throws Exception {
    String sender = Server.user() + "@first.example";
    List<String> sent = mail();
    send(sender, "nobody-here@first.example", sent);
    List<String> returned = new ArrayList<>();
    for (String message : received(first, sent.size())) {
      assertTrue(message.startsWith("Return-Path: <>\nDelivered-To: " + sender + "\n"), message);
      Bounce bounce = Bounce.parse(message);
      assertEquals("MAILER-DAEMON@first.example", bounce.fields().get("From"));
      assertEquals(sender, bounce.fields().get("To"));
      assertEquals("failure notice", bounce.fields().get("Subject"));
      assertTrue(bounce.fields().get("Date").matches("\\d+ \\w{3} \\d{4} [\\d:]{8} -0000"));
      assertEquals("text/plain", bounce.type());
      assertEquals(
          """
          Hi. This is the qmail-send program at first.example.
          I'm afraid I wasn't able to deliver your message to the following addresses.
          This is a permanent error; I've given up. Sorry it didn't work out.""",
          bounce.intro());
      assertEquals(
          "<nobody-here@first.example>:\nSorry, no mailbox here by that name. (#5.1.1)",
          bounce.failed());
      assertEquals("--- Below this line is a copy of the message.", bounce.breakLine());
      String original = bounce.original();
      assertTrue(original.startsWith("Return-Path: <" + sender + ">\n"), original);
      returned.add(Maildir.withoutFields(original.substring(original.indexOf('\n') + 1), 1));
    }
    same(sent, returned);
  }
}
