package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** kill -9 of the real server under load: everything acknowledged arrives. */
class KillIT {
  private static final int ROUNDS = Integer.getInteger("sluice.kill.rounds", 10);

  @Test
  void losesNothingItHasAcknowledged() throws Exception {
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    var number = new AtomicInteger();
    try (var server = new Server("kill", Map.of())) {
      for (int round = 0; round < ROUNDS; round++) {
        server.start();
        List<Thread> senders = new ArrayList<>();
        int port = server.port();
        for (int i = 0; i < 8; i++) {
          var sender = new Thread(() -> sendUntilCut(port, number, acknowledged), "sender" + i);
          sender.start();
          senders.add(sender);
        }
        int target = acknowledged.size() + 100 + 37 * (round % 5);
        Poll.until("mail flows", 30_000, () -> acknowledged.size() >= target);
        server.kill();
        for (Thread sender : senders) {
          sender.join();
        }
      }
      server.start();
      var maildir = server.maildir(Server.user());
      Poll.until("all is there", 60_000, () -> arrived(maildir).containsAll(acknowledged));
      assertTrue(acknowledged.size() >= ROUNDS * 100);
    }
  }

  private static Set<String> arrived(Maildir maildir) throws IOException {
    Set<String> numbers = new HashSet<>();
    for (String message : maildir.messages()) {
      String body = Maildir.withoutTrace(message);
      assertTrue(body.endsWith("end\n"), "a half-written message was delivered");
      numbers.add(body.substring("Subject: ".length(), body.indexOf('\n')));
    }
    return numbers;
  }

  private static void sendUntilCut(int port, AtomicInteger number, Set<String> acknowledged) {
    try (var client = new SmtpClient(port)) {
      client.command("HELO client.example");
      while (true) {
        String id = "n" + number.incrementAndGet();
        String message =
            "Subject: " + id + "\n\n" + "x".repeat(70).concat("\n").repeat(40) + "end\n";
        String reply = client.send("a@client.example", Server.user() + "@localhost", message);
        if (reply.startsWith("250")) {
          acknowledged.add(id);
        }
      }
    } catch (IOException e) {
      Thread.currentThread().interrupt(); // the server was killed: this sender is done
    }
  }
}
