package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sluice.itest.NetstringClient.qmqp;
import static org.sluice.itest.NetstringClient.qmtp;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A full system that takes mail by QMQP, and a mini-qmail that has no other place to leave its
 * mail: what is injected there ends in a Maildir here.
 */
class QmqpIT {
  /** An address of its own, since qmail-qmqpc knows only one port. */
  private static final String FULL = "127.0.0.28";

  private static final String TO = Server.user() + "@full.example";
  private static Server full;
  private static Server mini;

  @BeforeAll
  static void start() throws Exception {
    Assumptions.assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "port 628 is root's");
    full = new Server("qmqp-full", Map.of("SLUICE_ME", "full.example"));
    sh(
        full.home,
        "printf '127.0.0.1:allow\\n127.0.0.28:allow\\n:deny\\n' | tcprules qmqp.cdb qmqp.tmp");
    full.conf(
        "org.sluice.net-qmqp.cfg",
        "protocol = qmqp\naddress = " + FULL + "\nport = 628\nrules = qmqp.cdb\n");
    full.start().listening("qmqp");
    mini = new Server("qmqp-mini", Map.of("SLUICE_ME", "mini.example"));
    mini.control("qmqpservers", "127.0.0.29\n" + FULL + "\n");
    mini.conf(
        "org.sluice.net-qmtp.cfg",
        "protocol = qmtp\naddress = 127.0.0.1\nport = 0\n"
            + "environment = RELAYCLIENT=\\nQMAILQUEUE=qmail-qmqpc\n");
    mini.start().listening("qmtp");
    // Improper use of a program that is there is status 100; of one that is not yet there 111.
    for (int more = 600; sh(mini.home, "forward >/dev/null 2>&1") == 111; more--) {
      assertTrue(more > 0, "forward never comes");
      Thread.sleep(100); // nobody tells of it
    }
  }

  @AfterAll
  static void stop() throws Exception {
    for (Server server : new Server[] {mini, full}) {
      if (server != null) {
        server.close();
      }
    }
  }

  @BeforeEach
  void empty() throws IOException {
    full.maildir(Server.user()).clear();
  }

  private static NetstringClient client() throws IOException {
    return new NetstringClient(InetAddress.getByName(FULL), 628);
  }

  private static List<String> delivered(int count, int hosts) throws Exception {
    var maildir = full.maildir(Server.user());
    Poll.until("delivered", 60_000, () -> maildir.count() >= count);
    List<String> messages = new ArrayList<>();
    for (String message : maildir.messages()) {
      messages.add(Maildir.withoutTrace(message, hosts));
    }
    return messages;
  }

  /** Runs a shell line with bin/ in front of PATH in a home directory. */
  private static int sh(Path home, String line) throws Exception {
    var builder = new ProcessBuilder("/bin/sh", "-c", line).redirectErrorStream(true);
    builder.environment().put("SLUICE_HOME", home.toString());
    builder.environment().put("PATH", Server.DIST.resolve("bin") + ":/usr/bin:/bin");
    Path output = Files.createTempFile("sh", ".txt");
    Process process = builder.directory(home.toFile()).redirectOutput(output.toFile()).start();
    process.getOutputStream().close();
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), line + " hangs");
    assertEquals("", Files.readString(output, StandardCharsets.ISO_8859_1), line);
    Files.delete(output);
    return process.exitValue();
  }

  @Test
  void oneMessageAConnection() throws Exception {
    try (var client = client()) {
      client.send(qmqp("Subject: q\n\na\r\nb\0\u00ff", "s@x", TO) + "ignored");
      assertTrue(client.read().startsWith("Kok "));
      assertTrue(client.closed());
    }
    assertEquals(List.of("Subject: q\n\na\r\nb\0\u00ff"), delivered(1, 1));
  }

  @Test
  void hostileClients() throws Exception {
    for (String text :
        List.of("x", "0".repeat(101), "9999999999:", "5:1:a,1:s,", "12:1:a;1:s,1:u,,")) {
      try (var client = client()) {
        client.send(text);
        assertTrue(client.closed(), text);
      }
    }
    try (var waiting = client().send("2000000000:1999999000:abc");
        var half = client().send("100:5:ab");
        var good = client()) {
      half.socket().shutdownOutput();
      assertTrue(waiting.socket().isConnected());
      good.send(qmqp("Subject: good\n\n", "s", TO));
      assertTrue(good.read().startsWith("Kok "));
    }
    assertEquals(List.of("Subject: good\n\n"), delivered(1, 1));
  }

  @Test
  void qmailQmqpcInThePlaceOfQmailQueue() throws Exception {
    String text = "Subject: mini\n\n" + "a line of forty octets, or nearly so...\n".repeat(10_000);
    Files.writeString(mini.home.resolve("message"), text);
    Files.writeString(mini.home.resolve("envelope"), "Fs@mini.example\0T" + TO + "\0\0");
    assertEquals(0, sh(mini.home, "qmail-qmqpc <message 1<envelope"));
    assertEquals(List.of(text), delivered(1, 1));
    Files.writeString(mini.home.resolve("envelope"), "Fs@mini.example\0T" + TO);
    assertEquals(91, sh(mini.home, "qmail-qmqpc <message 1<envelope"));
  }

  @Test
  void listenersOfAMiniQmailHandOn() throws Exception {
    try (var client = new NetstringClient(mini.port("qmtp"))) {
      client.send(qmtp("\nSubject: handed on\n\n", "s@x", TO));
      assertTrue(client.read().startsWith("Kok "));
    }
    // Two hosts, but the mini one has no queue that writes a line.
    var maildir = full.maildir(Server.user());
    Poll.until("delivered", 60_000, () -> maildir.count() == 1);
    String message = maildir.messages().get(0);
    assertTrue(message.contains(" with QMQP; "), message);
    assertTrue(message.contains(" with QMTP; "), message);
    assertTrue(message.endsWith("\nSubject: handed on\n\n"), message);
  }

  @Test
  void programsOfAMiniQmailHandOn() throws Exception {
    String line =
        "export QMAILQUEUE="
            + Server.DIST.resolve("bin/qmail-qmqpc")
            + "; printf 'Subject: forwarded\\n\\n' >m; SENDER=s@x NEWSENDER=s@x DTLINE='Delivered-To: x\n' forward "
            + TO
            + " <m";
    sh(mini.home, line + " >out 2>&1");
    String out = Files.readString(mini.home.resolve("out"));
    assertTrue(out.startsWith("forward: qp "), out);
    var maildir = full.maildir(Server.user());
    Poll.until("delivered", 60_000, () -> maildir.count() == 1);
    assertTrue(maildir.messages().get(0).endsWith("Delivered-To: x\nSubject: forwarded\n\n"));
  }

  @Test
  void whenNoServerTakesItTheInjectorFailsForNow() throws Exception {
    Path none = Files.createDirectories(mini.home.resolve("none/control"));
    Files.writeString(none.resolve("qmqpservers"), "127.0.0.29\n127.0.0.30\n");
    Path home = none.getParent();
    Files.writeString(home.resolve("envelope"), "Fs\0Tu\0\0");
    assertEquals(73, sh(home, "printf '\\n' | qmail-qmqpc 1<envelope"));
    Files.writeString(none.resolve("qmqpservers"), "localhost\n");
    assertEquals(55, sh(home, "printf '\\n' | qmail-qmqpc 1<envelope"));
  }
}
