package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a real qmail-send runs: qmail-lspawn, qmail-rspawn and qmail-clean in bin/. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class QmailSendIT {
  private static final String MESSAGE = "Subject: from a real queue\n\nbody\n";
  private static Server server;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("qmail-send", Map.of());
    server.control("smtproutes", "nobody.example:127.0.0.1:1\n");
    Path mess = Files.createDirectories(server.home.resolve("queue/mess/1"));
    Files.writeString(mess.resolve("24"), MESSAGE);
    server.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** A program of bin/, with qmail-send's ends of its pipes. */
  private static final class Daemon implements AutoCloseable {
    private final Process process;

    Daemon(Path home, Map<String, String> environment, String... words) throws IOException {
      var builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.command().set(0, Server.DIST.resolve("bin").resolve(words[0]).toString());
      builder.environment().put("SLUICE_HOME", home.toString());
      builder.environment().putAll(environment);
      process = builder.start();
    }

    void send(String octets) throws IOException {
      process.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
      process.getOutputStream().flush();
    }

    int read() throws IOException {
      return process.getInputStream().read();
    }

    /** A report: slot, letter, text. */
    String report() throws IOException {
      var text = new ByteArrayOutputStream();
      text.write(read());
      for (int octet = read(); octet > 0; octet = read()) {
        text.write(octet);
      }
      return text.toString(StandardCharsets.ISO_8859_1);
    }

    int end() throws Exception {
      process.getOutputStream().close();
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "it ends when qmail-send does");
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  @Test
  void localMail() throws Exception {
    var maildir = server.maildir(Server.user());
    Poll.until(
        "there is a mailbox", 30_000, () -> Files.isDirectory(maildir.path().resolve("new")));
    int before = maildir.count();
    try (var lspawn = new Daemon(server.home, Map.of(), "qmail-lspawn", "./Maildir/")) {
      assertEquals('x', lspawn.read());
      String to = Server.user() + "@localhost\0";
      lspawn.send("\0021/24\0s@x.example\0" + to);
      assertEquals("\2Kdid 1+0+0\n", lspawn.report());
      assertEquals(before + 1, maildir.count(), "when the report is read");
      List<String> found = maildir.messages();
      String wanted =
          "Return-Path: <s@x.example>\nDelivered-To: " + to.replace('\0', '\n') + MESSAGE;
      assertTrue(found.contains(wanted), () -> found.toString());
      lspawn.send("\0031/25\0s@x.example\0" + to);
      assertEquals("\3Zqmail-spawn unable to open message. (#4.3.0)\n", lspawn.report());
      lspawn.send("\0041/24\0s@x.example\0nohost\0");
      assertEquals("\4DSorry, address must include host name. (#5.1.3)\n", lspawn.report());
      assertEquals(0, lspawn.end());
    }
    try (var lspawn = new Daemon(server.home, Map.of(), "qmail-lspawn")) {
      assertEquals(-1, lspawn.read());
      assertEquals(100, lspawn.end());
    }
  }

  @Test
  void remoteMail() throws Exception {
    try (var sink = new Sink(server.home.resolve("sink"))) {
      server.control(
          "smtproutes", "nobody.example:127.0.0.1:1\nsink.example:127.0.0.1:" + sink.port() + "\n");
      Path table = server.home.resolve("queue/lock/tcpto");
      Files.write(table, new byte[] {1});
      try (var rspawn = new Daemon(server.home, Map.of(), "qmail-rspawn")) {
        assertEquals('x', rspawn.read());
        assertEquals(1024, Files.size(table));
        rspawn.send("\0001/24\0s@x.example\0r@nobody.example\0");
        rspawn.send("\1671/24\0s@x.example\0r@sink.example\0");
        String one = rspawn.report();
        String other = rspawn.report();
        String bad = one.charAt(0) == 0 ? one : other;
        String good = one.charAt(0) == 0 ? other : one;
        assertEquals("\0ZSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\n", bad);
        assertTrue(good.startsWith("\167K127.0.0.1 accepted message.\n"), good);
        assertEquals(0, rspawn.end());
      }
      assertTrue(sink.messages().get(0).contains("Subject: from a real queue\n"));
    }
  }

  @Test
  void anotherQmailRemote() throws Exception {
    Path script = server.home.resolve("remote");
    Files.writeString(script, "#!/bin/sh\nprintf 'r\\0K%s ' \"$*\"; sed 1q; printf '\\0'\n");
    assertTrue(script.toFile().setExecutable(true));
    try (var rspawn =
        new Daemon(server.home, Map.of("QMAILREMOTE", script.toString()), "qmail-rspawn")) {
      assertEquals('x', rspawn.read());
      rspawn.send("\0071/24\0s@x.example\0r@far.example\0");
      assertEquals(
          "\7Kfar.example s@x.example r@far.example Subject: from a real queue\n", rspawn.report());
      assertEquals(0, rspawn.end());
    }
  }

  /** Needs no server. */
  @Test
  void cleaning() throws Exception {
    Path home = server.home.resolve("elsewhere");
    Path mess = Files.createDirectories(home.resolve("queue/mess/0"));
    Files.createDirectories(home.resolve("queue/intd"));
    Files.writeString(mess.resolve("23"), MESSAGE);
    try (var clean = new Daemon(home, Map.of(), "qmail-clean")) {
      clean.send("foop/1x\0");
      assertEquals('x', clean.read());
      assertEquals('+', clean.read());
      clean.send("foop/23\0");
      assertEquals('+', clean.read());
      assertFalse(Files.exists(mess.resolve("23")));
      assertEquals(0, clean.end());
    }
    try (var clean = new Daemon(mess, Map.of(), "qmail-clean")) {
      assertEquals(111, clean.end());
    }
  }

  /** Waiting for commands they would keep it for a minute, and then be cut off. */
  @Test
  void theServerStopsBeforeTheyDo() throws Exception {
    try (var other = new Server("qmail-send-stop", Map.of())) {
      Files.createDirectories(other.home.resolve("queue/mess"));
      other.start();
      try (var lspawn = new Daemon(other.home, Map.of(), "qmail-lspawn", "./Maildir/");
          var rspawn = new Daemon(other.home, Map.of(), "qmail-rspawn")) {
        assertEquals('x', lspawn.read());
        assertEquals('x', rspawn.read());
        other.sluice("stop");
        assertEquals(-1, lspawn.read());
        assertEquals(0, lspawn.end());
        assertEquals(0, rspawn.end());
      }
    }
  }
}
