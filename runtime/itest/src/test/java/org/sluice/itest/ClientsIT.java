package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that people use. */
class ClientsIT {
  private static final List<String> OTHERS = List.of("ann", "bob");
  private static Server server;
  private static long endedBefore;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("clients", Map.of());
    for (String name : OTHERS) {
      server.sluice("mailbox", "add", name);
    }
    server.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void empty() throws Exception {
    server.maildir(Server.user()).clear();
    for (String name : OTHERS) {
      server.maildir(name).clear();
    }
    endedBefore = server.ended();
  }

  /** So many messages came, had all their recipients tried, and left one each in the mailbox. */
  private static void delivered(int expected) throws Exception {
    delivered(expected, expected);
  }

  private static void delivered(int messages, int copies) throws Exception {
    Poll.until("all is over", 120_000, () -> server.ended() - endedBefore >= messages);
    assertEquals(messages, server.ended() - endedBefore);
    assertEquals(copies, server.maildir(Server.user()).count());
  }

  private static String to() {
    return Server.user() + "@localhost";
  }

  private static String address() throws Exception {
    return "127.0.0.1:" + server.port();
  }

  @Test
  void curlWithSeveralRecipients() throws Exception {
    String text = "Subject: x\r\n\r\nhello\r\n.\r\n..\r\n";
    Path mail = Files.writeString(server.home.resolve("mail.txt"), text);
    String url = "smtp://" + address();
    Client.run(
        "curl",
        "-sS",
        "--url",
        url,
        "--mail-from",
        "a@b.example",
        "--mail-rcpt",
        to(),
        "--mail-rcpt",
        "ann@localhost",
        "--mail-rcpt",
        "bob@localhost",
        "-T",
        mail.toString());
    delivered(1);
    for (String name : List.of(Server.user(), "ann", "bob")) {
      assertEquals(1, server.maildir(name).count());
      String message = server.maildir(name).messages().get(0);
      assertEquals("Subject: x\n\nhello\n.\n..\n", Maildir.withoutTrace(message));
      assertTrue(message.contains("\nDelivered-To: " + name + "@localhost\n"), message);
    }
  }

  @Test
  void swaks() throws Exception {
    Client.run("swaks", "--server", address(), "--from", "a@b.example", "--to", to());
    delivered(1);
  }

  @Test
  void swaksThatPipelines() throws Exception {
    String talk =
        Client.output(
            "swaks",
            "--pipeline",
            "--server",
            address(),
            "--from",
            "a@b.example",
            "--to",
            to() + ",ann@localhost",
            "--body",
            "x");
    // It says all of them before it reads the first answer, and only if it has been offered that.
    assertTrue(
        talk.contains(
            """
             -> MAIL FROM:<a@b.example>
             -> RCPT TO:<%s>
             -> RCPT TO:<ann@localhost>
             -> DATA
            <-  250 2.1.0 ok
            <-  250 2.1.5 ok
            <-  250 2.1.5 ok
            <-  354 go ahead
            """
                .formatted(to())),
        talk);
    delivered(1);
    assertEquals(1, server.maildir("ann").count());
  }

  @Test
  void pythonSmtplib() throws Exception {
    String script =
        "import smtplib; s=smtplib.SMTP('127.0.0.1',%d); s.sendmail('a@b.example',['%s'],'Subject: x\\n\\nhello\\n'); s.quit()"
            .formatted(server.port(), to());
    Client.run("python3", "-c", script);
    delivered(1);
  }

  @Test
  void twoHundredParallelSessionsDeliverExactlyOnce() throws Exception {
    Client.run(
        "smtp-source",
        "-s",
        "200",
        "-l",
        "4096",
        "-m",
        "20000",
        "-d",
        "-f",
        "a@b.example",
        "-t",
        to(),
        address());
    delivered(20_000);
    Set<String> ids = new HashSet<>();
    for (String message : server.maildir(Server.user()).messages()) {
      int at = message.indexOf("\nMessage-Id: ");
      assertTrue(ids.add(message.substring(at, message.indexOf('\n', at + 1))), message);
      assertTrue(message.length() > 4096, message);
    }
  }

  @Test
  void aConnectionForEachMessage() throws Exception {
    Client.run("smtp-source", "-s", "20", "-m", "500", "-f", "a@b.example", "-t", to(), address());
    delivered(500);
  }

  @Test
  void manyRecipientsInOneTransaction() throws Exception {
    String user = Server.user();
    Path extensions = server.home.resolve("mail").resolve(user).resolve(".qmail-default");
    Files.writeString(extensions, "./Maildir/\n");
    var to = IntStream.range(0, 200).mapToObj(i -> user + "-" + i + "@localhost");
    String all = to.collect(Collectors.joining(","));
    Client.run("swaks", "--server", address(), "--from", "a@b.example", "--to", all);
    delivered(1, 200);
  }

  @Test
  void postfixAsTheNextHopGetsEachMessageOnce() throws Exception {
    int messages = 2000;
    try (var sink = new Sink(server.home.resolve("sink"));
        var relay = new Server("clients-relay", Map.of())) {
      relay.control("rcpthosts", "sink.example\n");
      relay.control("smtproutes", "sink.example:127.0.0.1:" + sink.port() + "\n");
      relay.start();
      Client.run(
          "smtp-source",
          "-N",
          "-s",
          "20",
          "-l",
          "2000",
          "-m",
          Integer.toString(messages),
          "-d",
          "-f",
          "a@b.example",
          "-t",
          "u@sink.example",
          "127.0.0.1:" + relay.port());
      Poll.until("all are relayed", 120_000, () -> sink.count() >= messages && relay.idle());
      Set<String> recipients = new HashSet<>();
      for (String message : sink.messages()) {
        assertTrue(message.contains("X-Mail-Args: <a@b.example>\n"), message);
        int at = message.indexOf("X-Rcpt-Args: ");
        assertTrue(recipients.add(message.substring(at, message.indexOf('\n', at))), message);
      }
      assertEquals(messages, recipients.size());
    }
  }
}
