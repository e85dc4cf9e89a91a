package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.osgi.framework.Bundle;

/** Bundles are replaced while mail flows: nothing is lost, doubled, cut or refused for good. */
class SwapIT {
  private static final String TO = Server.user() + "@localhost";
  @RegisterExtension static final Framework FRAMEWORK = new Framework("swap");

  @BeforeEach
  void empty() throws IOException {
    FRAMEWORK.maildir().clear();
  }

  @Test
  void updatesUnderLoadLoseNothing() throws Exception {
    int sessions = 50;
    int messages = 5_000;
    var next = new AtomicInteger();
    Queue<String> trouble = new ConcurrentLinkedQueue<>();
    List<Thread> senders = new ArrayList<>();
    int port = FRAMEWORK.port();
    for (int i = 0; i < sessions; i++) {
      var sender = new Thread(() -> send(port, next, messages, trouble), "sender" + i);
      senders.add(sender);
      sender.start();
    }
    for (int i = 0; i < 20; i++) {
      FRAMEWORK.bundle("org.sluice.delivery.maildir").update();
      FRAMEWORK.bundle("org.sluice.listeners.smtp").update();
    }
    for (Thread sender : senders) {
      sender.join();
    }
    assertEquals(List.of(), List.copyOf(trouble));
    var maildir = FRAMEWORK.maildir();
    Poll.until("all are delivered", 120_000, () -> maildir.count() >= messages);
    var subjects = new TreeSet<String>();
    for (String message : maildir.messages()) {
      String body = Maildir.withoutTrace(message);
      assertTrue(subjects.add(body.substring(0, body.indexOf('\n'))), "delivered twice: " + body);
    }
    assertEquals(messages, subjects.size());
  }

  /** Ten messages a connection; 4xx is tried again, as a client does. */
  private static void send(int port, AtomicInteger next, int messages, Queue<String> trouble) {
    try {
      int number = next.incrementAndGet();
      while (number <= messages) {
        try (var client = new SmtpClient(port)) {
          String reply = client.command("HELO client.example");
          for (int i = 0; i < 10 && number <= messages && reply.startsWith("250"); i++) {
            reply = client.send("a@b.example", TO, "Subject: m" + number + "\n\nx\n");
            number = reply.startsWith("250") ? next.incrementAndGet() : number;
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

  @Test
  void withoutTheAgentMailWaits() throws Exception {
    var maildir = FRAMEWORK.maildir();
    Bundle agent = FRAMEWORK.bundle("org.sluice.delivery.maildir");
    agent.stop();
    try (var client = new SmtpClient(FRAMEWORK.port())) {
      client.command("HELO client.example");
      for (int i = 0; i < 20; i++) {
        assertTrue(client.send("a@b.example", TO, "Subject: wait\n\nx\n").startsWith("250"));
      }
    }
    Thread.sleep(5_000); // the five seconds without an agent are what is tested
    assertEquals(0, maildir.count());
    agent.start();
    Poll.until("delivered when the agent is back", 30_000, () -> maildir.count() == 20);
  }

  @Test
  void withoutAnyPluginTheFrameworkStaysUp() throws Exception {
    Bundle local = FRAMEWORK.bundle("org.sluice.delivery.local");
    local.stop();
    try (var client = new SmtpClient(FRAMEWORK.port())) {
      client.command("HELO client.example");
      assertTrue(client.send("a@b.example", TO, "Subject: wait\n\nx\n").startsWith("250"));
    }
    local.start();
    Poll.until("delivered", 30_000, () -> FRAMEWORK.maildir().count() == 1);
    assertTrue(Path.of(FRAMEWORK.home().toString(), "queue").toFile().isDirectory());
  }
}
