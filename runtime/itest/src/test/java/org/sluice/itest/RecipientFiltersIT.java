package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
      server.kill();
      server.start();
      String reply = replies(server, List.of(THERE.get(0))).get(0);
      assertTrue(reply.startsWith(WAIT), reply);
      int left = Integer.parseInt(reply.replaceAll("^.* in ([0-9]+) seconds$", "$1"));
      assertTrue(left < 3600, reply); // a start takes longer than a second
    }
  }
}
