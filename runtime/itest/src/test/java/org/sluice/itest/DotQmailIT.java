package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The programs of dot-qmail lines, in a server that delivers to them. */
class DotQmailIT {
  private static final List<String> MAILBOXES = List.of("joe", "other", "sam");
  private static Server server;
  private static Path joe;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("dotqmail", Map.of());
    for (String name : MAILBOXES) {
      server.sluice("mailbox", "add", name);
    }
    joe = server.home.resolve("mail/joe");
    Files.writeString(
        joe.resolve(".qmail"),
        """
        |condredirect other@localhost grep -qi "^x-spam: yes"
        |bouncesaying "No secrets here." grep -qi "^subject: secret"
        |except grep -qi "^subject: refused"
        ./Maildir/
        |qreceipt joe@localhost
        |qbiff
        """);
    Files.writeString(joe.resolve(".qmail-default"), "|forward \"$DEFAULT@localhost\"\n");
    Files.writeString(joe.resolve(".qmail-lined"), "|preline -r tee lined\n");
    Files.writeString(joe.resolve(".qmail-friends"), "# subscribers\n");
    Files.writeString(joe.resolve(".qmail-friends-request"), "|qlist2 friends localhost\n");
    Files.writeString(joe.resolve(".qmail-friends-owner"), "./Maildir/\n");
    server.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void empty() throws Exception {
    if (Files.exists(server.home.resolve("log/qmail-send"))) {
      Poll.until("all mail is delivered", 60_000, server::idle);
    }
    for (String name : MAILBOXES) {
      server.maildir(name).clear();
    }
  }

  private static void send(String to, String message) throws IOException {
    try (var client = new SmtpClient(server.port())) {
      assertTrue(client.send("sam@localhost", to + "@localhost", message).startsWith("250 "));
    }
  }

  /** The one message in a mailbox, when it has come. */
  private static String received(String name) throws Exception {
    var maildir = server.maildir(name);
    Poll.until("mail for " + name + "; " + server.log(), 60_000, () -> maildir.count() == 1);
    return maildir.messages().get(0);
  }

  private static void nothing(String... names) throws Exception {
    Poll.until("all mail is delivered", 60_000, server::idle);
    for (String name : names) {
      assertEquals(List.of(), server.maildir(name).messages());
    }
  }

  @Test
  void condredirectSendsTheWholeMessageOn() throws Exception {
    send("joe", "Subject: x\nX-Spam: yes\n\nbody\n");
    String message = received("other");
    assertTrue(message.startsWith("Return-Path: <sam@localhost>\nDelivered-To: other@localhost\n"));
    assertTrue(message.contains("\nDelivered-To: joe@localhost\n"));
    assertTrue(message.endsWith("Subject: x\nX-Spam: yes\n\nbody\n"));
    nothing("joe", "sam");
  }

  @Test
  void bouncesayingAndExceptBounce() throws Exception {
    send("joe", "Subject: secret\n\nx\n");
    assertTrue(received("sam").contains("<joe@localhost>:\nNo secrets here.\n"));
    empty();
    send("joe", "Subject: refused\n\nx\n");
    assertTrue(received("sam").contains("<joe@localhost>:\n"));
    nothing("joe", "other");
  }

  @Test
  void qreceiptConfirms() throws Exception {
    send(
        "joe",
        "Subject: x\nMessage-ID: <1@x>\n"
            + "Notice-Requested-Upon-Delivery-To: Joe <joe@localhost>\n\nbody\n");
    assertTrue(received("joe").endsWith("\n\nbody\n"));
    String receipt = received("sam");
    assertTrue(receipt.startsWith("Return-Path: <>\n"));
    assertTrue(receipt.endsWith("Thanks for asking.\nYour Message-ID: <1@x>\n"));
  }

  @Test
  void forwardMayUseVariables() throws Exception {
    send("joe-other", "Subject: x\n\nbody\n");
    assertTrue(received("other").contains("\nDelivered-To: joe-other@localhost\n"));
  }

  @Test
  void prelineFeedsItsCommand() throws Exception {
    send("joe-lined", "Subject: x\n\nbody\n");
    Path lined = joe.resolve("lined");
    Poll.until("delivered", 60_000, () -> Files.exists(lined) && Files.size(lined) > 0);
    nothing("joe", "sam");
    String text = Files.readString(lined);
    assertTrue(text.startsWith("From sam@localhost "), text);
    assertTrue(text.contains("\nDelivered-To: joe-lined@localhost\nReceived: "), text);
    assertTrue(text.endsWith("Subject: x\n\nbody\n"), text);
  }

  @Test
  void qlistKeepsAList() throws Exception {
    send("joe-friends-request", "From: Sam <sam@localhost>\nSubject: hi\n\nsubscribe me\n");
    assertTrue(received("sam").contains("* Acknowledgment: sam@localhost is now a subscriber.\n"));
    assertTrue(received("joe").contains("* My human owner is joe-friends-owner.\n"));
    Path list = joe.resolve(".qmail-friends");
    assertEquals("# subscribers\n&sam@localhost\n", Files.readString(list));
    assertEquals("r-x------", PosixFilePermissions.toString(Files.getPosixFilePermissions(list)));
    empty();
    send("joe-friends", "Subject: to all\n\nhello\n");
    assertTrue(received("sam").endsWith("Subject: to all\n\nhello\n"));
  }

  /** Puts a version of the program into the server's plugins, or takes it away. */
  private static void swap(int version) throws IOException {
    Path jar = server.home.resolve("plugins/greet.jar");
    if (version == 0) {
      Files.delete(jar);
      return;
    }
    Path part = server.home.resolve("greet.part");
    try (var content = FilterBundle.program(version)) {
      Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.move(part, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Sends until what the log says of a delivery has this in it. */
  private static void untilTheLogSays(String outcome) throws Exception {
    Poll.until(
        outcome + "; " + server.log(),
        60_000,
        () -> {
          send("joe-greet", "Subject: x\n\nx\n");
          return server.log().stream().anyMatch(line -> line.contains(outcome));
        });
  }

  @Test
  void aSwappedProgramIsInUseWithTheNextMessageAndAMissingOneDefers() throws Exception {
    Files.writeString(joe.resolve(".qmail-greet"), "|greet\n");
    swap(1);
    untilTheLogSays(": success: greetings_from_1.0.0/");
    swap(2);
    untilTheLogSays(": success: greetings_from_2.0.0/");
    swap(0);
    untilTheLogSays(": deferral: ");
    assertTrue(
        server.log().stream().anyMatch(l -> l.contains(": deferral: ") && l.contains("greet")),
        server.log()::toString);
    // What waits is delivered when the program is back.
    swap(3);
    untilTheLogSays(": success: greetings_from_3.0.0/");
    server.sluice("flush");
    Poll.until("nothing waits", 60_000, server::idle);
  }

  /** Nothing but programs is in some bundles: they start when mail is served already. */
  @Test
  void mailThatWaitsForTheStartGoesThroughTheProgramsThatComeAfterIt() throws Exception {
    server.sluice("stop");
    server.control("concurrencylocal", "0\n").start();
    for (int i = 0; i < 20; i++) {
      send("joe", "Subject: " + i + "\r\n\r\nhello\r\n");
    }
    server.sluice("stop");
    assertEquals(0, server.maildir("joe").count());
    Files.delete(server.home.resolve("control/concurrencylocal"));
    long deferred = deferrals();
    server.start();
    Poll.until("all mail is delivered", 60_000, () -> server.maildir("joe").count() == 20);
    assertEquals(0, deferrals() - deferred);
  }

  private static long deferrals() throws IOException {
    return server.log().stream().filter(line -> line.contains(" deferral: ")).count();
  }
}
