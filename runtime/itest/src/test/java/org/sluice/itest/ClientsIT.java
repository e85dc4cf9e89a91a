package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that people use. */
class ClientsIT {
  private static Server server;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("clients", Map.of()).start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void empty() throws Exception {
    server.maildir(Server.user()).clear();
  }

  private static void run(int expected, String program, String... arguments) throws Exception {
    boolean there =
        List.of("/usr/bin/", "/usr/sbin/", "/bin/").stream()
            .anyMatch(d -> Files.isExecutable(Path.of(d + program)));
    assumeTrue(there, program + " is not installed");
    List<String> command = new java.util.ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().merge("PATH", "/usr/sbin", (path, sbin) -> path + ":" + sbin);
    Path output = Files.createTempFile(server.home, program, ".txt");
    var process = builder.redirectOutput(output.toFile()).start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    assertEquals(0, ended ? process.exitValue() : -1, () -> read(output));
    var maildir = server.maildir(Server.user());
    Poll.until("delivered", 60_000, () -> maildir.count() >= expected);
    assertEquals(expected, maildir.count());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }

  private static String to() {
    return Server.user() + "@localhost";
  }

  @Test
  void curl() throws Exception {
    Path mail = Files.writeString(server.home.resolve("mail.txt"), "Subject: x\r\n\r\nhello\r\n");
    run(
        1,
        "curl",
        "-sS",
        "--url",
        "smtp://127.0.0.1:" + server.port(),
        "--mail-from",
        "a@b.example",
        "--mail-rcpt",
        to(),
        "-T",
        mail.toString());
  }

  @Test
  void swaks() throws Exception {
    run(
        1,
        "swaks",
        "--server",
        "127.0.0.1:" + server.port(),
        "--from",
        "a@b.example",
        "--to",
        to());
  }

  @Test
  void pythonSmtplib() throws Exception {
    String script =
        "import smtplib; s=smtplib.SMTP('127.0.0.1',%d); s.sendmail('a@b.example',['%s'],'Subject: x\\n\\nhello\\n'); s.quit()"
            .formatted(server.port(), to());
    run(1, "python3", "-c", script);
  }

  @Test
  void twoHundredParallelSessionsDeliverExactlyOnce() throws Exception {
    run(
        20_000,
        "smtp-source",
        "-s",
        "200",
        "-l",
        "4096",
        "-m",
        "20000",
        "-d",
        "-f",
        "a@b.example",
        "-t",
        to(),
        "127.0.0.1:" + server.port());
  }
}
