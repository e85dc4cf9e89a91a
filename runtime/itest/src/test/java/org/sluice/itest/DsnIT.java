package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a sender is told, through two servers and before servers of others. */
class DsnIT {
  private static final String SENDER = Server.user() + "@first.example";

  /** A report as Python's parser reads it: types of its parts, and the fields of the status. */
  private static final String READ =
      """
      import email, sys
      def show(m, depth):
          assert not m.defects, m.defects
          print('-' * depth + m.get_content_type())
          if m.get_content_type() == 'message/delivery-status':
              for group in m.get_payload():
                  for name, value in group.items():
                      print(name + ': ' + value)
          elif m.is_multipart():
              for part in m.get_payload():
                  show(part, depth + 1)
      m = email.message_from_binary_file(open(sys.argv[1], 'rb'))
      assert m.get_param('report-type') == 'delivery-status'
      show(m, 0)
      """;

  private static Server last;
  private static Server first;
  private static Sink withDsn;
  private static Sink without;

  @BeforeAll
  static void start() throws Exception {
    last = new Server("dsn-last", Map.of("SLUICE_ME", "last.example"));
    String key = Certificate.make(last.home);
    last.control("servercert.pem", key);
    last.conf(
        "org.sluice.net-careless.cfg",
        "protocol = smtp\nname = careless\naddress = 127.0.0.1\nport = 0\n"
            + "environment = SMTPREQUIRETLS=-\n");
    last.start().listening("careless");
    withDsn = new Sink(Server.directory("dsn-sink"));
    without = new Sink(Server.directory("dsn-sink-without"), "-N");
    first = new Server("dsn-first", Map.of("SLUICE_ME", "first.example"));
    first.control("servercert.pem", key);
    first.conf(
        "org.sluice.transports.smtp.cfg",
        "authorities = " + last.home.resolve("certificate.pem") + "\n");
    first.control(
        "rcpthosts",
        "first.example\nlast.example\ncareless.example\nwith.example\nwithout.example\n");
    first.control(
        "smtproutes",
        "last.example:127.0.0.1:%d\ncareless.example:127.0.0.1:%d\nwith.example:127.0.0.1:%d\n"
                .formatted(last.port(), last.port("careless"), withDsn.port())
            + "without.example:127.0.0.1:"
            + without.port()
            + "\n");
    first.start();
    last.control("smtproutes", "first.example:127.0.0.1:" + first.port() + "\n");
  }

  @AfterAll
  static void stop() throws Exception {
    first.close();
    last.close();
    withDsn.close();
    without.close();
  }

  @BeforeEach
  void empty() throws IOException {
    first.maildir(Server.user()).clear();
    last.maildir(Server.user()).clear();
  }

  /** Sends to each recipient, an address and its parameters. */
  private static void send(String mail, String text, String... recipients) throws IOException {
    try (var client = new SmtpClient(first.port())) {
      say(client, mail, text, recipients);
    }
  }

  private static void say(SmtpClient client, String mail, String text, String... recipients)
      throws IOException {
    String offers = client.lines("EHLO client.example");
    assertTrue(offers.contains("DSN\n") && offers.contains("SMTPUTF8\n"), offers);
    assertEquals("250", client.command("MAIL FROM:<" + SENDER + ">" + mail).substring(0, 3));
    for (String recipient : recipients) {
      String[] part = recipient.split(" ", 2);
      String command = "RCPT TO:<" + part[0] + ">" + (part.length > 1 ? " " + part[1] : "");
      assertEquals("250", client.command(command).substring(0, 3), command);
    }
    assertEquals("354", client.command("DATA").substring(0, 3));
    client.write((text + "\r\n.\r\n").getBytes(StandardCharsets.ISO_8859_1));
    assertEquals("250", client.reply().substring(0, 3));
  }

  private static void settled() throws Exception {
    Poll.until("all is settled", 60_000, () -> first.idle() && last.idle());
  }

  /** The only message in the sender's mailbox. */
  private static String received() throws Exception {
    var maildir = first.maildir(Server.user());
    Poll.until("a report comes", 60_000, () -> maildir.count() > 0);
    settled();
    List<String> messages = maildir.messages();
    assertEquals(1, messages.size(), messages.toString());
    assertTrue(messages.get(0).startsWith("Return-Path: <>\n"), messages.get(0));
    return messages.get(0);
  }

  private static String read(String report) throws Exception {
    Path file = Files.createTempFile("report", ".eml");
    Files.writeString(file, report, StandardCharsets.ISO_8859_1);
    try {
      return Client.output("python3", "-c", READ, file.toString())
          .replaceAll("Arrival-Date: .*", "Arrival-Date: D");
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void onlyTheWantedFailureIsReported() throws Exception {
    send(
        " ENVID=id+2B1 RET=FULL",
        "Subject: x\r\n\r\nhello",
        "nobody@first.example NOTIFY=NEVER",
        "ann-nobody@first.example NOTIFY=FAILURE ORCPT=rfc822;ann@old.example");
    assertEquals(
        """
        multipart/report
        -text/plain
        -message/delivery-status
        Reporting-MTA: dns; first.example
        Original-Envelope-Id: id+1
        Arrival-Date: D
        Original-Recipient: rfc822;ann@old.example
        Final-Recipient: rfc822; ann-nobody@first.example
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: x-qmail; Sorry, no mailbox here by that name. (#5.1.1)
        -message/rfc822
        --text/plain
        """,
        read(received()));
  }

  @Test
  void theNextHostTellsIfItCan() throws Exception {
    send(
        " ENVID=QQ314",
        "Subject: x\r\n\r\nhello",
        Server.user() + "@last.example NOTIFY=SUCCESS ORCPT=rfc822;joe@old.example");
    assertEquals(
        """
        multipart/report
        -text/plain
        -message/delivery-status
        Reporting-MTA: dns; last.example
        Original-Envelope-Id: QQ314
        Arrival-Date: D
        Original-Recipient: rfc822;joe@old.example
        Final-Recipient: rfc822; USER@last.example
        Action: delivered
        Status: 2.0.0
        -text/rfc822-headers
        """
            .replace("USER", Server.user()),
        read(received()));
    assertEquals(1, last.maildir(Server.user()).count());
  }

  @Test
  void aFailureAtTheNextHostComesBackOnceWithTheHeader() throws Exception {
    send(
        " RET=HDRS",
        "Subject: x\r\n\r\nhello",
        "nobody@last.example NOTIFY=SUCCESS,FAILURE",
        "nobody2@last.example NOTIFY=NEVER");
    String report = received();
    assertTrue(report.contains("\nSubject: x\n") && !report.contains("hello"), report);
    String read = read(report);
    assertTrue(read.contains("Reporting-MTA: dns; last.example\n"), read);
    assertTrue(read.contains("nobody@last.example\nAction: failed\nStatus: 5.1.1\n"), read);
    assertTrue(read.endsWith("\n-text/rfc822-headers\n"), read);
  }

  @Test
  void beforeServersOfOthers() throws Exception {
    send(
        "",
        "Subject: x\r\n\r\nhello",
        "far@with.example NOTIFY=SUCCESS",
        "far@without.example NOTIFY=SUCCESS");
    String read = read(received());
    assertTrue(
        read.contains("Final-Recipient: rfc822; far@without.example\nAction: relayed\n"), read);
    assertTrue(read.contains("Remote-MTA: dns; [127.0.0.1]\nDiagnostic-Code: smtp; 250 "), read);
    assertTrue(!read.contains("far@with.example"), read);
    String taken = withDsn.messages().get(0);
    assertTrue(taken.contains("X-Rcpt-Args: <far@with.example> NOTIFY=SUCCESS\n"), taken);
    String plain = without.messages().get(0);
    assertTrue(plain.contains("X-Rcpt-Args: <far@without.example>\n"), plain);
  }

  @Test
  void deadlinesGoOnToWhomTakesThem() throws Exception {
    send(
        " BY=86400;RT",
        "Subject: x\r\n\r\nhello",
        Server.user() + "@last.example",
        "far@without.example");
    String report = received();
    assertTrue(report.contains("\nDeliver-By-Date: "), report);
    String read = read(report);
    assertTrue(
        read.contains("far@without.example\nAction: failed\nStatus: 5.3.3\n")
            && read.contains("@last.example\nAction: relayed\nStatus: 2."),
        read);
    var beyond = last.maildir(Server.user());
    Poll.until("the next host delivers what it has taken", 60_000, () -> beyond.count() == 1);
  }

  @Test
  void utf8GoesWhereItIsTakenAndComesBackFromElsewhere() throws Exception {
    String subject =
        new String("\u00fcber".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    send(
        " SMTPUTF8 BODY=8BITMIME",
        "Subject: " + subject + "\r\n\r\nhello",
        Server.user() + "@last.example",
        "far@with.example");
    String report = received();
    assertTrue(report.contains("\nStatus: 5.6.9\n"), report);
    assertTrue(report.contains("\nContent-Type: message/global\n"), report);
    assertTrue(report.contains("\nSubject: " + subject + "\n"), report);
    String read = read(report);
    assertTrue(
        read.startsWith("multipart/report\n-text/plain\n-message/global-delivery-status\n"), read);
    var beyond = last.maildir(Server.user());
    Poll.until("the next host delivers what it has taken", 60_000, () -> beyond.count() == 1);
    String there = beyond.messages().get(0);
    assertTrue(there.contains(" with UTF8SMTP; "), there);
    assertTrue(there.contains("\nSubject: " + subject + "\n"), there);
  }

  @Test
  void whatRequiresTlsGoesThatWayOrComesBack() throws Exception {
    try (var client = new SmtpClient(first.port()).startTls(Certificate.trustingAll())) {
      say(
          client,
          " REQUIRETLS RET=FULL",
          "Subject: x\r\n\r\nhello",
          Server.user() + "@last.example",
          "nobody@last.example",
          "far@careless.example",
          "far@with.example");
    }
    var beyond = last.maildir(Server.user());
    Poll.until("the next host delivers", 60_000, () -> beyond.count() == 1);
    assertTrue(beyond.messages().get(0).contains(" with ESMTPS; "), beyond.messages().get(0));
    var back = first.maildir(Server.user());
    Poll.until("both servers report", 60_000, () -> back.count() == 2);
    settled();
    int far = back.messages().get(0).contains("Reporting-MTA: dns; last.example") ? 0 : 1;
    String there = back.messages().get(far);
    String here = back.messages().get(1 - far);
    assertTrue(there.contains(" with ESMTPS; "), there);
    assertTrue(there.contains("nobody@last.example\nAction: failed\nStatus: 5.1.1\n"), there);
    assertTrue(here.contains("far@careless.example\nAction: failed\nStatus: 5.7.30\n"), here);
    assertTrue(here.contains("far@with.example\nAction: failed\nStatus: 5.7.10\n"), here);
    for (String report : List.of(there, here)) {
      assertTrue(report.contains("\nContent-Type: text/rfc822-headers\n"), report);
      assertTrue(report.contains("\nSubject: x\n") && !report.contains("\nhello"), report);
    }
  }
}
