package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the operator tells qmail-send while it runs (spec 10 section 10). */
class SignalsIT {
  private static final String USER = Server.user();
  private Server server;

  @BeforeEach
  void start() throws Exception {
    server = new Server("signals", Map.of());
    server.control("rcpthosts", "localhost\nnew.example\nvirtual.example\n");
    server.control("smtproutes", ":127.0.0.1:1\n"); // where nobody listens
    server.control("locals", "localhost\n");
    server.start();
    Files.writeString(server.home.resolve("mail/" + USER + "/.qmail-default"), "./Maildir/\n");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void signal(String name) throws IOException {
    try {
      Client.run("kill", "-" + name, String.valueOf(server.pid()));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void send(String to) throws IOException {
    try (var client = new SmtpClient(server.port())) {
      client.command("HELO client.example");
      assertEquals("250", client.send("", to, "Subject: x\n\nx\n").substring(0, 3));
    }
  }

  private long lines(String text) throws IOException {
    return server.log().stream().filter(line -> line.contains(text)).count();
  }

  @Test
  void aHangUpHasTheTablesReadAgainAndIsNoEnd() throws Exception {
    send("x@new.example");
    Poll.until("it is remote", 60_000, () -> lines(" to remote x@new.example") == 1);
    server.control("locals", "localhost\nnew.example\n");
    server.control("virtualdomains", "virtual.example:" + USER + "\n");
    long pid = server.pid();
    signal("HUP");
    send(USER + "@new.example");
    send("x@virtual.example");
    var maildir = server.maildir(USER);
    Poll.until("both are local", 60_000, () -> maildir.count() == 2);
    Poll.until(
        "the log tells of the user's",
        60_000,
        () -> lines(" to local " + USER + "-x@virtual.") == 1);
    signal("HUP"); // whatever the first one has set off is over when the next mail is delivered
    send(USER + "@new.example");
    Poll.until("it goes on", 60_000, () -> maildir.count() == 3);
    assertTrue(server.sluice("status").contains(":" + server.port()));
    assertEquals(pid, server.pid());
    assertEquals(0, lines("exitasap"), server.log()::toString);
  }

  @Test
  void anAlarmMakesDueWhatWaits() throws Exception {
    send("x@new.example");
    Poll.until("it waits", 60_000, () -> lines(": deferral: ") == 1);
    // The log tells of it before it is written down, and until then it is under way: nothing for
    // an alarm. By its schedule it waits for minutes.
    Poll.until(
        "it is tried again",
        60_000,
        () -> {
          signal("ALRM");
          return lines(": deferral: ") >= 2;
        });
  }

  @Test
  void controlFilesThatAreNoFilesHoldUpNobody() throws Exception {
    var maildir = server.maildir(USER);
    send(USER + "@localhost");
    Poll.until("all is read once", 60_000, () -> maildir.count() == 1);
    Path control = server.home.resolve("control");
    Files.delete(control.resolve("locals"));
    Client.run("mkfifo", control.resolve("concurrencylocal").toString());
    Client.run("mkfifo", control.resolve("locals").toString());
    Client.run("mkfifo", control.resolve("badmailfrom").toString());
    Path log = server.home.resolve("log/sluice");
    Poll.until(
        "a client is told to come again, and the operator why",
        60_000,
        () -> {
          try (var client = new SmtpClient(server.port())) {
            return client.greeting.startsWith("4")
                && Files.readString(log).contains("control/badmailfrom: not a regular file");
          }
        });
    Files.delete(control.resolve("badmailfrom"));
    Poll.until("sessions begin", 60_000, () -> greeting().startsWith("220"));
    send(USER + "@localhost");
    Poll.until("it is there", 60_000, () -> maildir.count() == 2);
    Poll.until("it is told", 60_000, () -> lines("alert: unable to reread control/locals") == 1);
  }

  private String greeting() throws IOException {
    try (var client = new SmtpClient(server.port())) {
      return client.greeting;
    }
  }
}
