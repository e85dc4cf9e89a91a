package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
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

  /** Python's e-mail test data; lines as they are after SMTP: CR LF is one line end. */
  private static List<String> corpus() throws IOException {
    List<String> messages = new ArrayList<>();
    try (var roots = Files.list(Path.of("/usr/lib"))) {
      for (Path root :
          roots.filter(p -> p.getFileName().toString().startsWith("python3")).toList()) {
        Path data = root.resolve("test/test_email/data");
        if (Files.isDirectory(data)) {
          try (var files = Files.list(data)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".txt")).sorted().toList()) {
              messages.add(normal(Files.readString(file, StandardCharsets.ISO_8859_1)));
            }
          }
        }
      }
    }
    return messages;
  }

  private static String normal(String message) {
    String text = message.replace("\r\n", "\n");
    return text.endsWith("\n") ? text : text + "\n";
  }

  private static void roundTrip(String to, Server sink, int hosts)
      throws IOException, InterruptedException {
    List<String> sent = new ArrayList<>(corpus());
    Assumptions.assumeFalse(sent.isEmpty(), "libpython3-testsuite is not installed");
    sent.add("Subject: eight bit\n\n\u00e9\u00ff\u0080\n.\n..\n.x\n");
    sent.add("\n");
    sent.add("no header at all\n");
    try (var client = new SmtpClient(first.port())) {
      assertTrue(client.command("EHLO client.example").startsWith("250"));
      for (String message : sent) {
        assertTrue(client.send("a@client.example", to, message).startsWith("250 "));
      }
    }
    var maildir = sink.maildir(Server.user());
    Poll.until("all are delivered", 60_000, () -> maildir.count() >= sent.size());
    List<String> got = new ArrayList<>();
    for (String message : maildir.messages()) {
      got.add(Maildir.withoutTrace(message, hosts));
    }
    Collections.sort(sent);
    Collections.sort(got);
    assertEquals(sent, got);
  }

  @Test
  void comesOutOfTheMaildirAsItWentIn() throws Exception {
    roundTrip(Server.user() + "@first.example", first, 1);
  }

  @Test
  void passesARelayHopUnchanged() throws Exception {
    roundTrip(Server.user() + "@last.example", last, 2);
  }

  @Test
  void comesBackFromAnUnknownUserAsABounce() throws Exception {
    String sender = Server.user() + "@first.example";
    try (var client = new SmtpClient(first.port())) {
      client.command("HELO client.example");
      assertTrue(
          client
              .send(sender, "nobody-here@first.example", "Subject: lost\n\nx\n")
              .startsWith("250"));
    }
    var maildir = first.maildir(Server.user());
    Poll.until("the bounce is there", 30_000, () -> maildir.count() == 1);
    String bounce = maildir.messages().get(0);
    assertTrue(bounce.startsWith("Return-Path: <>\n"), bounce);
    assertTrue(bounce.contains("<nobody-here@first.example>:\n"), bounce);
    assertTrue(bounce.contains("Sorry, no mailbox here by that name. (#5.1.1)"), bounce);
    assertTrue(bounce.contains("Subject: lost"), bounce);
  }
}
