package org.sluice.itest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that send numbered messages and try again after a 4xx, as clients do. */
final class Senders {
  private final int port;
  private final int messages;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();
  private final Queue<String> trouble = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();

  private Senders(int port, int messages) {
    this.port = port;
    this.messages = messages;
  }

  /** So many sessions at once, until so many messages have been accepted. */
  static Senders start(int port, int sessions, int messages) {
    var senders = new Senders(port, messages);
    for (int i = 0; i < sessions; i++) {
      var thread = new Thread(senders::send, "sender" + i);
      senders.threads.add(thread);
      thread.start();
    }
    return senders;
  }

  /** Messages accepted so far. */
  int accepted() {
    return accepted.get();
  }

  /** Waits for the end; everything but 250 and 4xx: cut connections, 5xx. */
  List<String> trouble() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    return List.copyOf(trouble);
  }

  /** Ten messages a connection. */
  private void send() {
    try {
      int number = next.incrementAndGet();
      while (number <= messages) {
        try (var client = new SmtpClient(port)) {
          String reply = client.command("HELO client.example");
          for (int i = 0; i < 10 && number <= messages && reply.startsWith("250"); i++) {
            reply =
                client.send(
                    "a@b.example", Server.user() + "@localhost", "Subject: m" + number + "\n\nx\n");
            if (reply.startsWith("250")) {
              accepted.incrementAndGet();
              number = next.incrementAndGet();
            }
          }
          if (!reply.startsWith("250") && !reply.startsWith("4")) {
            trouble.add(reply);
            return;
          }
        }
      }
    } catch (IOException e) {
      trouble.add(e.toString());
    }
  }
}
