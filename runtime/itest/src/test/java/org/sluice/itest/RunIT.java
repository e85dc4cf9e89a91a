package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sluice.testkit.Installed;

/** The command that README.md begins with, and what it says to try. */
class RunIT {
  /** Where this is missing, the command builds: the build that runs this has just done so. */
  private static final Path BUILT = Server.DIST.resolve(".built");

  private static boolean marked;

  @BeforeAll
  static void mark() throws IOException {
    marked = Files.notExists(BUILT);
    if (marked) {
      Files.createFile(BUILT);
    }
  }

  @AfterAll
  static void unmark() throws IOException {
    if (marked) {
      Files.deleteIfExists(BUILT);
    }
  }

  private static Foreground run(String port) throws IOException, InterruptedException {
    var environment = new HashMap<String, String>();
    environment.put("SLUICE_SMTP_PORT", port);
    environment.put("SLUICE_POP3_PORT", port);
    for (String name : List.of("SLUICE_ADDRESS", "SLUICE_ME", "SLUICE_JAVA")) {
      environment.put(name, "");
    }
    return new Foreground(new Server("run", environment));
  }

  /** Whether the ports that it has where none is named are somebody else's. */
  private static boolean taken(Foreground run) throws IOException {
    Path file = run.server.home.resolve("log/sluice");
    String log = Files.exists(file) ? Files.readString(file) : "";
    return log.contains(": unable to bind 127.0.0.1 port 2525 for smtp: ")
        || log.contains(": unable to bind 127.0.0.1 port 2110 for pop3: ");
  }

  /** Runs a line as it was said; a password is read from the input where there is no terminal. */
  private static String sh(Path home, String line, String input) throws Exception {
    Path said = home.resolve("tried");
    Path typed = Files.writeString(home.resolve("typed"), input);
    Process process =
        new ProcessBuilder("setsid", "sh", "-c", line)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .redirectInput(typed.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(line + " hangs: " + Files.readString(said));
    }
    String text = Files.readString(said);
    assertEquals(0, process.exitValue(), line + ": " + text);
    return text;
  }

  @Test
  void whatItSaysToTryWorksAndAnInterruptEndsIt() throws Exception {
    Installed.program("curl");
    var first = run("");
    boolean taken = taken(first);
    if (taken) {
      first.close();
    }
    try (var run = taken ? run("0") : first) {
      if (!taken) {
        assertEquals("127.0.0.1:2525", run.said("ready: SMTP on "));
        assertEquals("127.0.0.1:2110", run.said("pop3: listens on "));
      }
      Path home = run.server.home;
      assertEquals(Server.user() + "@localhost", run.said("mailbox: "));
      var maildir = new Maildir(Path.of(run.said("maildir: ")));
      List<String> tries = run.tries();
      assertEquals(3, tries.size(), tries::toString);

      assertEquals("", sh(home, tries.get(0), ""));
      Poll.until("the mail is there", 60_000, () -> maildir.count() == 1);
      String mail = maildir.messages().get(0);
      assertTrue(mail.endsWith("\nSubject: hello\n\nhello\n"), mail);
      Path file = maildir.path().resolve("new").resolve(sh(home, tries.get(1), "").strip());
      assertEquals(mail, Files.readString(file));

      // In the second in which it came POP3 does not show it yet (spec 20 section 12).
      long come = Files.getLastModifiedTime(file).to(TimeUnit.SECONDS);
      Poll.until("that is over", 60_000, () -> System.currentTimeMillis() / 1000 > come);
      String login = run.said("pop3: user " + Server.user() + " password ");
      String seen = sh(home, tries.get(2), login.replaceFirst(" .*", "\n"));
      assertTrue(seen.contains("Subject: hello\r\n\r\nhello\r\n"), seen);

      assertTrue(run.processes().contains(run.server.pid()));
      assertEquals(0, run.interrupt());
      assertTrue(run.said().endsWith("\nstopped\n"), run.said());
      Poll.until("no process is left", 10_000, () -> run.processes().isEmpty());
    }
  }

  @Test
  void whoeverWatchesItIsToldThatTheServerHasDied() throws Exception {
    try (var run = run("0")) {
      Client.run("kill", "-KILL", String.valueOf(run.server.pid()));
      assertEquals(137, run.status());
      assertTrue(
          run.said().contains("\nsluice: the server has died with status 137; "), run.said());
    }
  }
}
