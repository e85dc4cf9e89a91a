package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.sluice.testkit.DeafServer;

/** The table of timeouts between the transport and bin/qmail-tcpto, bin/qmail-tcpok. */
class TcptoIT {
  private static final byte[] EMPTY = new byte[1024];
  private static final String LINE =
      "127\\.0\\.0\\.2 timed out \\d+ seconds ago; # recent timeouts: 1\n";

  @RegisterExtension static final Framework FRAMEWORK = new Framework("tcpto");

  private static Path table() {
    return FRAMEWORK.home().resolve("queue/lock/tcpto");
  }

  /** Status and output of a shell line, with bin/ in front of PATH. */
  private static Map.Entry<Integer, String> sh(Path home, String line) throws Exception {
    var builder = new ProcessBuilder("/bin/sh", "-c", line).redirectErrorStream(true);
    builder.environment().put("SLUICE_HOME", home.toString());
    builder.environment().put("PATH", Server.DIST.resolve("bin") + ":/usr/bin:/bin");
    Path output = Files.createTempFile("tcpto", ".txt");
    Process process = builder.redirectOutput(output.toFile()).start();
    process.getOutputStream().close();
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), line + " hangs");
    String text = Files.readString(output);
    Files.delete(output);
    return Map.entry(process.exitValue(), text);
  }

  private static void timesOut() throws Exception {
    try (var client = new SmtpClient(FRAMEWORK.port())) {
      client.command("HELO client.example");
      String reply = client.send("a@b.example", "c@deaf.example", "Subject: x\n\nx\n");
      assertTrue(reply.startsWith("250 "), reply);
    }
    Poll.until("it has timed out", 60_000, () -> Files.readAllBytes(table())[4] == 1);
  }

  private static String printed() throws Exception {
    var said = sh(FRAMEWORK.home(), "qmail-tcpto 2>/dev/null");
    assertEquals(0, said.getKey(), said.getValue());
    return said.getValue();
  }

  @Test
  void aTimeoutIsShownAndForgotten() throws Exception {
    Path control = FRAMEWORK.home().resolve("control");
    try (var deaf = new DeafServer("127.0.0.2")) {
      Files.writeString(control.resolve("timeoutconnect"), "1\n");
      Files.writeString(control.resolve("rcpthosts"), "localhost\ndeaf.example\n");
      Files.writeString(
          control.resolve("smtproutes"), "deaf.example:127.0.0.2:" + deaf.port() + "\n");
      assertArrayEquals(EMPTY, Files.readAllBytes(table()), "made by the first start");
      assertEquals("", printed());
      timesOut();
      assertTrue(printed().matches(LINE));
      assertEquals(Map.entry(0, ""), sh(FRAMEWORK.home(), "qmail-tcpok"));
      assertArrayEquals(EMPTY, Files.readAllBytes(table()));
      assertEquals("", printed());
      timesOut();
      assertTrue(printed().matches(LINE));
      // Another version of the spawner begins with an empty table.
      FRAMEWORK.bundle("org.sluice.transports.smtp").update();
      Poll.until("a new start", 60_000, () -> Files.readAllBytes(table())[4] == 0);
      assertArrayEquals(EMPTY, Files.readAllBytes(table()));
    }
  }

  @Test
  void failuresHaveTheirDescriptors() throws Exception {
    Path home = FRAMEWORK.home().resolve("other");
    Files.createDirectories(home);
    assertEquals(
        Map.entry(111, "fatal: unable to chdir: file does not exist\n"),
        sh(home, "qmail-tcpto 2>/dev/null"));
    assertEquals(
        Map.entry(
            111,
            "qmail-tcpok: fatal: unable to chdir to "
                + home
                + "/queue/lock: file does not exist\n"),
        sh(home, "qmail-tcpok 2>&1 >/dev/null"));
    Path table = Files.createDirectories(home.resolve("queue/lock")).resolve("tcpto");
    assertEquals(
        Map.entry(111, "fatal: unable to open tcpto: file does not exist\n"),
        sh(home, "qmail-tcpto 2>/dev/null"));
    assertEquals(
        Map.entry(111, "qmail-tcpok: fatal: unable to write " + table + ": file does not exist\n"),
        sh(home, "qmail-tcpok 2>&1 >/dev/null"));
  }
}
