package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sluice.itest.NetstringClient.qmtp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** QMTP over real sockets into a Maildir, with friendly and with hostile clients. */
class QmtpIT {
  private static final String TO = Server.user() + "@localhost";

  @RegisterExtension
  static final Framework FRAMEWORK =
      new Framework(
          "qmtp",
          Map.of(
              "org.sluice.net-qmtp.cfg",
              "protocol = qmtp\naddress = 127.0.0.1\nport = 0\nlimit = 200\n"));

  @BeforeEach
  void ready() throws Exception {
    Path file = FRAMEWORK.home().resolve("run/qmtp.port");
    Poll.until("QMTP listens", 30_000, () -> java.nio.file.Files.exists(file));
    FRAMEWORK.maildir().clear();
  }

  private static NetstringClient client() throws IOException {
    return new NetstringClient(FRAMEWORK.port("qmtp"));
  }

  private static List<String> delivered(int count) throws Exception {
    var maildir = FRAMEWORK.maildir();
    Poll.until("delivered", 60_000, () -> maildir.count() >= count);
    List<String> messages = new ArrayList<>();
    for (String message : maildir.messages()) {
      messages.add(Maildir.withoutTrace(message));
    }
    Collections.sort(messages);
    return messages;
  }

  @Test
  void bothEncodingsComeOutAsText() throws Exception {
    try (var client = client()) {
      client.send(qmtp("\nSubject: 1\n\na\r\nb\rc\0\u00ff\n", "s@x.example", TO));
      assertTrue(client.read().startsWith("Kok "));
      client.send(qmtp("\rSubject: 2\r\n\r\na\nb\rc\r\r\n", "", TO));
      assertTrue(client.read().startsWith("Kok "));
    }
    assertEquals(
        List.of("Subject: 1\n\na\r\nb\rc\0\u00ff\n", "Subject: 2\n\na\nb\rc\r\n"), delivered(2));
  }

  @Test
  void manyMessagesAtOnceAreAnsweredInOrder() throws Exception {
    var all = new StringBuilder();
    List<String> expected = new ArrayList<>();
    List<String> letters = new ArrayList<>();
    for (int i = 100; i < 200; i++) {
      all.append(qmtp("\nSubject: m" + i + "\n\n", "s", TO, "x@elsewhere.example"));
      expected.add("Subject: m" + i + "\n\n");
      letters.addAll(List.of("K", "D"));
    }
    try (var client = client()) {
      client.send(all.toString());
      assertEquals(letters, client.letters(200));
    }
    assertEquals(expected, delivered(100));
  }

  @Test
  void aBigMessageComesThroughWhole() throws Exception {
    String text = "Subject: big\n\n" + "0123456789abcdef0123456789abcde\n".repeat(200_000);
    try (var client = client()) {
      client.send(qmtp("\r" + text.replace("\n", "\r\n"), "s", TO));
      assertTrue(client.read().startsWith("Kok "));
    }
    assertEquals(List.of(text), delivered(1));
  }

  @Test
  void hostileClientsGetNothingAndHurtNobody() throws Exception {
    List<NetstringClient> lingering = new ArrayList<>();
    for (String text :
        List.of(
            "x",
            "3:\nab;",
            "99999999999:",
            "0:,",
            "1".repeat(100_000),
            "3:abc,",
            "2:\na,1:s,5: :u,,,")) {
      try (var client = client()) {
        client.send(text);
        assertTrue(client.closed(), text.substring(0, Math.min(20, text.length())));
      }
    }
    for (String text :
        List.of("", "2000000000:\n", "5:\nabc", "2:\na,3:s@", "2:\na,1:s,1000:999:u")) {
      lingering.add(client().send(text));
    }
    for (int i = 0; i < 50; i++) {
      var half = client().send("10:\nab");
      half.socket().shutdownOutput();
      lingering.add(half);
    }
    try (var slow = client()) {
      for (char c : qmtp("\nSubject: slow\n\n", "s", TO).toCharArray()) {
        slow.send(String.valueOf(c));
      }
      assertTrue(slow.read().startsWith("Kok "));
    }
    for (NetstringClient client : lingering) {
      client.close();
    }
    assertEquals(List.of("Subject: slow\n\n"), delivered(1));
  }

  @Test
  void hundredThousandRecipients() throws Exception {
    var list = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      list.append("9:a@b.examp,");
    }
    list.append(NetstringClient.netstring(TO));
    try (var client = client()) {
      client.send("15:\nSubject: many\n,1:s," + list.length() + ":" + list + ",");
      for (int i = 0; i < 100_000; i++) {
        assertTrue(client.read().startsWith("Dsorry, that domain"));
      }
      assertTrue(client.read().startsWith("Kok "));
    }
    assertEquals(List.of("Subject: many\n"), delivered(1));
  }

  @Test
  void updatesUnderLoadLoseNothing() throws Exception {
    int messages = 2_000;
    var next = new AtomicInteger();
    Queue<String> trouble = new ConcurrentLinkedQueue<>();
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      var sender = new Thread(() -> send(next, messages, trouble), "sender" + i);
      senders.add(sender);
      sender.start();
    }
    for (int i = 0; i < 10; i++) {
      FRAMEWORK.bundle("org.sluice.listeners.qmtp").update();
    }
    for (Thread sender : senders) {
      sender.join();
    }
    assertEquals(List.of(), List.copyOf(trouble));
    List<String> got = delivered(messages);
    assertEquals(messages, got.size());
    assertEquals(messages, new TreeSet<>(got).size());
  }

  /** One message after the other; a connection that ends between two is made anew. */
  private static void send(AtomicInteger next, int messages, Queue<String> trouble) {
    int number = next.incrementAndGet();
    while (number <= messages) {
      try (var client = client()) {
        while (number <= messages) {
          client.send(qmtp("\nSubject: m" + number + "\n\n", "s", TO));
          String answer = client.read();
          if (answer.startsWith("D")) {
            trouble.add(answer);
            return;
          }
          number = answer.startsWith("K") ? next.incrementAndGet() : number;
        }
      } catch (java.io.EOFException | java.net.SocketException e) {
        continue; // told to go: the message was not begun
      } catch (IOException e) {
        trouble.add(e.toString());
        return;
      }
    }
  }
}
