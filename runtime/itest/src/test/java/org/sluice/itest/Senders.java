package org.sluice.itest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that send numbered messages and try again after a 4xx, as clients do. */
final class Senders {
  private final int port;
  private final int messages;
  private final int each;
  private final Semaphore allowed;
  private final Semaphore news = new Semaphore(0);
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();
  private final Queue<String> trouble = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();

  private Senders(int port, int messages, int each, int allowed) {
    this.port = port;
    this.messages = messages;
    this.each = each;
    this.allowed = new Semaphore(allowed);
  }

  /** So many sessions at once, until so many messages have been accepted; ten a connection. */
  static Senders start(int port, int sessions, int messages) {
    return start(port, sessions, messages, 10, Integer.MAX_VALUE / 2);
  }

  /**
   * The same, a few messages a connection, and no connection begins until all its messages are
   * allowed: a session never waits within.
   */
  static Senders start(int port, int sessions, int messages, int each, int allowed) {
    var senders = new Senders(port, messages, each, allowed);
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

  /** Allows more messages. */
  void allow(int more) {
    allowed.release(more);
  }

  /** Returns as soon as so many are accepted. */
  void await(int accepted) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (accepted() < accepted) {
      if (!news.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new AssertionError(accepted() + " accepted, not " + accepted + ": " + trouble);
      }
    }
  }

  /** Waits for the end; everything but 250 and 4xx: cut connections, also by a 421, and 5xx. */
  List<String> trouble() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    return List.copyOf(trouble);
  }

  private void send() {
    try {
      int number = next.incrementAndGet();
      while (number <= messages) {
        allowed.acquire(each);
        int left = each;
        try (var client = new SmtpClient(port)) {
          String reply = client.command("HELO client.example");
          for (; left > 0 && number <= messages && reply.startsWith("250"); left--) {
            reply =
                client.send(
                    "a@b.example", Server.user() + "@localhost", "Subject: m" + number + "\n\nx\n");
            if (reply.startsWith("250")) {
              accepted.incrementAndGet();
              news.release();
              number = next.incrementAndGet();
            }
          }
          if (!reply.startsWith("250") && (!reply.startsWith("4") || reply.startsWith("421"))) {
            trouble.add(reply);
            return;
          }
        } finally {
          allowed.release(left);
        }
      }
    } catch (IOException | InterruptedException e) {
      trouble.add(e.toString());
    }
  }
}
