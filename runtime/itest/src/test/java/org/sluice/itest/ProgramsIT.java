package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programs in bin/, with and without a server behind them. */
class ProgramsIT {
  private static Server server;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("programs", Map.of()).start();
    Poll.until("the console is up", 30_000, () -> console().contains("invoked improperly"));
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static String console() {
    try {
      return server.sluice("shell", "sluice:qmail-remote");
    } catch (IOException e) {
      return ""; // not there yet
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs a shell line with bin/ in front of PATH; its status and what it wrote. */
  private static Map.Entry<Integer, String> sh(Path home, String line) throws Exception {
    var builder = new ProcessBuilder("/bin/sh", "-c", line).redirectErrorStream(true);
    builder.environment().put("SLUICE_HOME", home.toString());
    builder.environment().put("PATH", Server.DIST.resolve("bin") + ":/usr/bin:/bin");
    Path output = Files.createTempFile(server.home, "sh", ".txt");
    Process process = builder.redirectOutput(output.toFile()).start();
    process.getOutputStream().close();
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), line + " hangs");
    return Map.entry(process.exitValue(), Files.readString(output));
  }

  @Test
  void qmailQueueTakesMail() throws Exception {
    var maildir = server.maildir(Server.user());
    int before = maildir.count();
    Files.writeString(server.home.resolve("message"), "Subject: queued\n\nby hand\n");
    Files.writeString(
        server.home.resolve("envelope"), "Fa@b.example\0T" + Server.user() + "@localhost\0\0");
    String line = "cd " + server.home + "; qmail-queue <message 1<envelope";
    assertEquals(Map.entry(0, ""), sh(server.home, line));
    Poll.until("delivered", 30_000, () -> maildir.count() == before + 1);
    assertTrue(
        maildir.messages().stream().anyMatch(m -> m.endsWith("Subject: queued\n\nby hand\n")));
    line = "cd " + server.home + "; printf Xoops >bad; qmail-queue <message 1<bad";
    assertEquals(91, sh(server.home, line).getKey());
  }

  @Test
  void qmailSmtpdSpeaksOnItsDescriptors() throws Exception {
    var said = sh(server.home, "printf 'HELO x\\r\\nQUIT\\r\\n' | qmail-smtpd");
    assertEquals(0, said.getKey());
    assertEquals("220 localhost ESMTP\r\n250 localhost\r\n221 localhost\r\n", said.getValue());
  }

  @Test
  void theConsoleListsBundlesAndRunsPrograms() throws Exception {
    assertTrue(server.sluice("shell", "lb").contains("Sluice queue"));
    assertTrue(server.sluice("shell", "qmail-remote").contains("invoked improperly"));
  }

  @Test
  void withoutAServerTheReasonIsSaid() throws Exception {
    Path nowhere = server.home.resolve("nowhere");
    var said = sh(nowhere, "qmail-queue");
    assertEquals(111, said.getKey());
    assertTrue(said.getValue().contains("not running"), said.getValue());
  }

  @Test
  void everyLinkInBinIsAProgram() throws Exception {
    List<String> names;
    try (var files = Files.list(Server.DIST.resolve("bin"))) {
      names = files.map(f -> f.getFileName().toString()).sorted().toList();
    }
    for (String name : names) {
      if (!List.of("sluice", "program").contains(name)) {
        var said = sh(server.home, name + " --no-such-option </dev/null");
        assertTrue(
            !said.getValue().contains(name + ": no such program"), name + ": " + said.getValue());
      }
    }
  }
}
