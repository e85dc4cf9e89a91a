package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** bin/splogger with the real logger, which is given a socket of the test's. */
@Timeout(240)
class SploggerIT {
  private static final Pattern MESSAGE =
      Pattern.compile("<([0-9]+)>.{15} ([^ ]+): ([0-9]+)[.][0-9]{6} (.*)");

  @TempDir Path home;

  private Process start(String path, String line) throws IOException {
    var builder = new ProcessBuilder("/bin/sh", "-c", line);
    builder.environment().put("SLUICE_HOME", home.resolve("nowhere").toString());
    builder.environment().put("PATH", path);
    builder.environment().put("SPLOGGER", Server.DIST.resolve("bin/splogger").toString());
    builder.redirectOutput(home.resolve("out").toFile());
    return builder.redirectError(home.resolve("err").toFile()).start();
  }

  private static void write(Process process, String text) throws IOException {
    process.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
  }

  private static String message(BufferedReader daemon) throws IOException {
    String line = daemon.readLine();
    Matcher matcher = MESSAGE.matcher(line);
    assertTrue(matcher.matches(), line);
    long age = Instant.now().getEpochSecond() - Long.parseLong(matcher.group(3));
    assertTrue(age >= 0 && age < 600, line);
    return matcher.group(1) + " " + matcher.group(2) + " " + matcher.group(4);
  }

  /** As qmail-start has it: descriptor 2 closed. The socket is a stream, which Java can serve. */
  @Test
  void linesComeToSyslogAtOnce() throws Exception {
    Path socket = home.resolve("log");
    Path script = home.resolve("logger");
    String real = "#!/bin/sh\nexec /usr/bin/logger -u " + socket + " \"$@\"\n";
    assertTrue(Files.writeString(script, real).toFile().setExecutable(true));
    try (var daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      daemon.bind(UnixDomainSocketAddress.of(socket));
      Process process = start(home + ":/usr/bin:/bin", "exec \"$SPLOGGER\" qmail 3 2>&-");
      write(process, "status: local 0/10 remote 0/20\n");
      try (var connection = daemon.accept();
          var lines = new BufferedReader(Channels.newReader(connection, "ISO-8859-1"))) {
        assertEquals("30 qmail status: local 0/10 remote 0/20", message(lines));
        write(process, "\nalert: ");
        write(process, "oh\tno!\nunfinished");
        assertEquals("25 qmail alert: oh?no!", message(lines));
        assertTrue(process.isAlive());
        process.getOutputStream().close();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        assertEquals(-1, lines.read());
      }
      assertEquals(0, process.exitValue());
      assertEquals("", Files.readString(home.resolve("out")));
    }
  }

  @Test
  void withoutALoggerItReadsAllTheSame() throws Exception {
    Process process = start("/nonexistent", "exec \"$SPLOGGER\" qmail");
    String line = "0123456789\n".repeat(100_000);
    write(process, line);
    process.getOutputStream().close();
    assertTrue(process.waitFor(120, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
    assertEquals(
        "splogger: warning: unable to run logger: file does not exist; lines are lost until it runs\n",
        Files.readString(home.resolve("err")));
  }
}
