package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.testkit.SmallDisk;

/**
 * A server whose home is on a file system that fills up. One mailbox is on it too, so that its mail
 * is deferred; another is elsewhere, so that its outcomes have to be written while nothing else can
 * be.
 */
class DiskFullIT {
  private static final String FULL = "451 qq write error or disk full (#4.3.0)";
  private static final String HERE = Server.user() + "@localhost";
  private static final String ELSEWHERE = Server.user() + "-elsewhere@localhost";
  private static final Pattern REFUSED =
      Pattern.compile("WARN .* mail is refused: .*\\b\\d+ octets free, \\d+ needed");
  private final Set<String> here = new HashSet<>();
  private final Set<String> elsewhere = new HashSet<>();
  private SmallDisk disk;
  private Server server;
  private Maildir outside;

  @BeforeEach
  void start() throws Exception {
    disk = new SmallDisk(Server.directory("disk-full"), 512 << 10); // a few log segments of 64
    var other = new Server("disk-full-elsewhere", Map.of());
    outside = new Maildir(other.home.resolve("Maildir"));
    for (String part : List.of("tmp", "new", "cur")) {
      Files.createDirectories(outside.path().resolve(part));
    }
    Path log = Files.createDirectories(other.home.resolve("log"));
    server = new Server("disk-full", Map.of());
    Files.createSymbolicLink(server.home.resolve("log"), log);
    server.control("concurrencylocal", "20\n");
    server.start();
    Files.writeString(
        server.home.resolve("mail").resolve(Server.user()).resolve(".qmail-elsewhere"),
        outside.path() + "/\n");
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
    disk.close();
  }

  private static String mail(String subject, int size) {
    return "Subject: " + subject + "\n\n" + "x".repeat(79).concat("\n").repeat(size / 80);
  }

  /** Sends to both mailboxes until there is no room; what was taken is noted. */
  private void sendUntilRefused(String prefix) throws IOException {
    try (var client = new SmtpClient(server.port())) {
      client.command("HELO client.example");
      assertEquals(FULL, client.send("a@b.example", HERE, mail("big", 1 << 20)));
      for (int i = 0; ; i++) {
        String subject = prefix + i;
        boolean away = i % 10 == 0;
        String to = away ? ELSEWHERE : HERE;
        String reply = client.send("a@b.example", to, mail(subject, 100_000));
        if (!reply.startsWith("250")) {
          assertEquals(FULL, reply);
          assertTrue(i > 300, "what is pre-written can be used: " + i);
          break;
        }
        (away ? elsewhere : here).add(subject);
      }
      assertEquals(FULL, client.send("a@b.example", HERE, mail("small", 100_000)));
    }
  }

  private static Set<String> subjects(Maildir maildir) throws IOException {
    Set<String> subjects = new HashSet<>();
    try (var files = Files.list(maildir.path().resolve("new"))) {
      for (Path file : files.toList()) {
        String message = Files.readString(file, StandardCharsets.ISO_8859_1);
        String body = Maildir.withoutTrace(message);
        String subject = body.substring("Subject: ".length(), body.indexOf('\n'));
        assertTrue(subjects.add(subject), subject + " was delivered twice");
        assertEquals(mail(subject, 100_000), body);
      }
    }
    return subjects;
  }

  private long deferrals() throws IOException {
    return server.log().stream().filter(line -> line.contains(": deferral: ")).count();
  }

  @Test
  void mailIsRefusedAndFlowsAgainWhenSpaceReturns() throws Exception {
    disk.fill();
    sendUntilRefused("m");
    Poll.until("all that can be is delivered", 60_000, () -> subjects(outside).equals(elsewhere));
    Poll.until("the rest is deferred", 60_000, () -> deferrals() >= here.size());
    assertEquals(Set.of(), subjects(server.maildir(Server.user())));
    long before = deferrals();
    Poll.until("all is tried again", 60_000, () -> deferralsOfFlush() >= before + here.size());
    String log = Files.readString(server.home.resolve("log/sluice"));
    assertFalse(log.contains("not written yet"));
    assertTrue(REFUSED.matcher(log).find(), log);

    long pid = server.pid();
    disk.empty();
    Poll.until("mail is taken again", 60_000, this::takes);
    var maildir = server.maildir(Server.user());
    Poll.until("all is delivered", 60_000, () -> flushed(maildir) >= here.size());
    Poll.until("the queue is empty", 60_000, server::idle);
    assertEquals(here, subjects(maildir));
    assertEquals(elsewhere, subjects(outside));
    assertEquals(pid, server.pid());
  }

  /** Makes all due that nobody tries just now; what is being tried may be deferred afterwards. */
  private void flush() throws IOException {
    try {
      server.sluice("flush");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private long deferralsOfFlush() throws IOException {
    flush();
    return deferrals();
  }

  private long flushed(Maildir maildir) throws IOException {
    flush();
    return maildir.count();
  }

  private boolean takes() throws IOException {
    try (var client = new SmtpClient(server.port())) {
      client.command("HELO client.example");
      String reply = client.send("a@b.example", HERE, mail("again", 100_000));
      here.add("again");
      return reply.startsWith("250");
    }
  }

  @Test
  void outcomesAreWrittenOnAFullDisk() throws Exception {
    disk.fill();
    sendUntilRefused("m");
    Poll.until("all that can be is delivered", 60_000, () -> subjects(outside).equals(elsewhere));
    Poll.until("the rest is deferred", 60_000, () -> deferrals() >= here.size());
    // A file in the Maildir comes before its outcome, the end of a message behind it.
    Poll.until("outcomes are written", 60_000, () -> server.ended() >= elsewhere.size());
    server.kill();
    disk.empty();
    server.start();
    var maildir = server.maildir(Server.user());
    Poll.until("all is delivered", 60_000, () -> flushed(maildir) >= here.size());
    Poll.until("the queue is empty", 60_000, server::idle);
    assertEquals(here, subjects(maildir));
    assertEquals(elsewhere, subjects(outside)); // subjects() finds what was delivered twice
  }
}
