package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Greylisting and the recipient check: whom there is waits, whom there is not is refused. */
class RecipientFiltersIT {
  private static final String USER = Server.user();
  private static final String WAIT = "451 4.7.1 greylisted, come again in ";
  private static final String NOBODY = "550 5.1.1 sorry, no mailbox here by that name";

  /** Addresses of each kind that lead somewhere, and such that lead nowhere. */
  private static final List<String> THERE =
      List.of(
          USER + "@localhost", // users/assign
          USER + "-list@localhost", // .qmail-list
          USER + "-team-any@LOCALHOST", // .qmail-team-default
          "postmaster@localhost", // the alias user
          "postmaster", // without a host
          "joe@virtual.example", // virtualdomains
          "whoever@remote.example");

  private static final List<String> NOWHERE =
      List.of(
          USER + "-none@localhost",
          USER + "-team@localhost",
          "no-such-person@localhost",
          "no-such-person",
          "jim@virtual.example");

  private static List<String> replies(Server server, List<String> recipients) throws IOException {
    List<String> replies = new ArrayList<>();
    try (var client = new SmtpClient(server.port())) {
      client.command("HELO client.example");
      client.command("MAIL FROM:<a@b.example>");
      for (String recipient : recipients) {
        replies.add(client.command("RCPT TO:<" + recipient + ">"));
      }
    }
    return replies;
  }

  @Test
  void addressesOfEachKindAndAKill() throws Exception {
    try (var server = new Server("recipients", Map.of())) {
      server.conf(
          "org.sluice.filters.greylist.cfg", "delay = 3600\nexemptRecipients = free@localhost\n");
      server.conf("org.sluice.filters.recipients.cfg", "relayClients = true\n");
      server.control("me", "localhost\n");
      server.control("rcpthosts", "localhost\nvirtual.example\nremote.example\n");
      server.control("virtualdomains", "virtual.example:" + USER + "-v\n");
      server.sluice("mailbox", "add", "free");
      Path home = server.home.resolve("mail").resolve(USER);
      for (String name : List.of("list", "team-default", "v-joe")) {
        Files.writeString(home.resolve(".qmail-" + name), "./Maildir/\n");
      }
      server.start();
      for (String reply : replies(server, THERE)) {
        assertEquals(WAIT + "3600 seconds", reply);
      }
      for (String reply : replies(server, NOWHERE)) {
        assertEquals(NOBODY, reply);
      }
      assertEquals(List.of("250 ok"), replies(server, List.of("free@localhost")));
      Path file = server.home.resolve("var/greylist");
      Poll.until(
          "all is written",
          60_000,
          () -> Files.exists(file) && Files.readAllLines(file).size() == THERE.size());
      for (String account : accounts()) {
        List<String> replies =
            replies(server, List.of(account + "@localhost", account + "-no-such@localhost"));
        assertEquals(List.of(WAIT + "3600 seconds", NOBODY), replies);
      }
      server.kill();
      server.start();
      // A start takes longer than a second.
      assertTrue(left(server, THERE.get(0)) < 3600);
      server.conf("org.sluice.filters.greylist.cfg", "delay = 7200\n");
      var stranger = new AtomicInteger();
      Poll.until(
          "another delay",
          60_000,
          () ->
              replies(server, List.of(stranger.incrementAndGet() + "@remote.example"))
                  .equals(List.of(WAIT + "7200 seconds")));
      assertTrue(left(server, THERE.get(0)) < 7200);
    }
  }

  private static int left(Server server, String recipient) throws IOException {
    String reply = replies(server, List.of(recipient)).get(0);
    assertTrue(reply.startsWith(WAIT), reply);
    return Integer.parseInt(reply.replaceAll("^.* in ([0-9]+) seconds$", "$1"));
  }

  /** Accounts of this system that a server of root's delivers to; there may be none. */
  private static List<String> accounts() throws IOException {
    List<String> accounts = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/etc/passwd"))) {
      String[] field = line.split(":");
      Path home = Path.of(field[5]);
      if (USER.equals("root")
          && accounts.isEmpty()
          && !field[2].equals("0")
          && Files.isDirectory(home)
          && field[2].equals(Files.getAttribute(home, "unix:uid").toString())
          && ((Integer) Files.getAttribute(home, "unix:mode") & 01002) == 0) {
        accounts.add(field[0]);
      }
    }
    return accounts;
  }
}
