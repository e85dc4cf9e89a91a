package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.osgi.framework.Bundle;
import org.sluice.itest.filter.TestFilter.Behaviour;

/** Bundles are replaced while mail flows: nothing is lost, doubled, cut or refused for good. */
class SwapIT {
  private static final String TO = Server.user() + "@localhost";
  private static final Pattern SUBJECT = Pattern.compile("\nSubject: m\\d+\n");
  @RegisterExtension static final Framework FRAMEWORK = new Framework("swap");

  @BeforeEach
  void empty() throws IOException {
    FRAMEWORK.maildir().clear();
  }

  @Test
  void updatesUnderLoadLoseNothing() throws Exception {
    int messages = 5_000;
    int updates = 20;
    int window = 200; // what may be sent during one update that takes long
    int step = (messages - 2 * window) / (3 * updates);
    Bundle filter = FRAMEWORK.context().installBundle("memory:stamp", filter(1));
    try {
      filter.start();
      Bundle agent = FRAMEWORK.bundle("org.sluice.delivery.maildir");
      Bundle listener = FRAMEWORK.bundle("org.sluice.listeners.smtp");
      var senders = Senders.start(FRAMEWORK.port(), 50, messages, 4, window);
      for (int i = 0; i < updates; i++) {
        mailFlows(senders, (3 * i + 1) * step, step);
        agent.update();
        mailFlows(senders, (3 * i + 2) * step, step);
        filter.update(filter(i + 2));
        mailFlows(senders, (3 * i + 3) * step, step);
        listener.update();
      }
      assertTrue(senders.accepted() < messages, "all were accepted before the last update's end");
      senders.allow(messages);
      eachOnce(senders, messages);
    } finally {
      filter.uninstall();
    }
  }

  private static InputStream filter(int version) throws IOException {
    return FilterBundle.jar(version, Behaviour.STAMPS, "sluice.filter.name=stamp");
  }

  /** Returns while sessions send, and may go on with that. */
  private static void mailFlows(Senders senders, int share, int step) throws Exception {
    senders.await(share);
    int before = senders.accepted();
    senders.allow(step);
    senders.await(before + 1);
  }

  @Test
  void theStoreIsReplacedWhileMailIsDelivered() throws Exception {
    int messages = 2_000;
    var senders = Senders.start(FRAMEWORK.port(), 20, messages);
    for (int i = 1; i <= 5; i++) {
      int accepted = i * 300;
      Poll.until("mail flows", 60_000, () -> senders.accepted() >= accepted);
      FRAMEWORK.bundle("org.sluice.stores.log").update();
    }
    eachOnce(senders, messages);
  }

  private static void eachOnce(Senders senders, int messages) throws Exception {
    assertEquals(List.of(), senders.trouble());
    var maildir = FRAMEWORK.maildir();
    Poll.until("all are delivered", 120_000, () -> maildir.count() >= messages);
    var subjects = new TreeSet<String>();
    for (String message : maildir.messages()) {
      Matcher subject = SUBJECT.matcher(message);
      assertTrue(subject.find(), message);
      assertTrue(subjects.add(subject.group()), "delivered twice: " + message);
    }
    assertEquals(messages, subjects.size());
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
