package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
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
    int messages = 5_000;
    var senders = Senders.start(FRAMEWORK.port(), 50, messages);
    for (int i = 0; i < 20; i++) {
      FRAMEWORK.bundle("org.sluice.delivery.maildir").update();
      FRAMEWORK.bundle("org.sluice.listeners.smtp").update();
    }
    eachOnce(senders, messages);
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
      String body = Maildir.withoutTrace(message);
      assertTrue(subjects.add(body.substring(0, body.indexOf('\n'))), "delivered twice: " + body);
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
