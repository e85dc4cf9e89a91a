package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.testkit.Installed;

/** Our tcpserver in front of anyone's programs, and Debian's in front of ours. */
class TcpserverIT {
  private static final String TO = Server.user() + "@localhost";
  private static final String TRACE =
      "\nReceived: from unknown (HELO client.example) (127.0.0.1)\n  by ";
  private static Server server;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("tcpserver", Map.of()).start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @BeforeEach
  void empty() throws IOException {
    server.maildir(Server.user()).clear();
  }

  private static Listening ours(String... words) throws IOException {
    return new Listening(server, Server.DIST, Server.DIST.resolve("bin/tcpserver"), words);
  }

  private static Listening debians(String... words) throws IOException {
    Installed.program("tcpserver");
    return new Listening(server, Server.DIST, Path.of("/usr/bin/tcpserver"), words);
  }

  private static String talk(int port, String text) throws IOException {
    try (var client = new NetstringClient(port)) {
      client.send(text).socket().shutdownOutput();
      return new String(
          client.socket().getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void programsOfTheSystem() throws Exception {
    try (var tcpserver = ours("127.0.0.1", "0", "sh", "-c", "cat; echo $TCPREMOTEIP $PROTO")) {
      assertEquals("\u00e9\0\r\n127.0.0.1 TCP\n", talk(tcpserver.port, "\u00e9\0\r\n"));
      tcpserver.log("tcpserver: status: 0/40\ntcpserver: status: 1/40\n");
      tcpserver.log(" status 0\ntcpserver: status: 0/40\n");
    }
  }

  /** A client asks for its route to be recorded, which the answers then do as well (RFC 1122). */
  @Test
  void ipOptionsAreKilledOrLeft() throws Exception {
    boolean can = Jdk.newest().orElseThrow().feature() >= 22;
    assertEquals(can ? "" : "7", firstIpOption("-O"));
    assertEquals(can ? "" : "7", firstIpOption("-RH"), "as without a word of it");
    assertEquals("7", firstIpOption("-o"));
  }

  private static String firstIpOption(String option) throws Exception {
    Installed.program("perl");
    String ask = "print unpack('C', getsockopt(STDIN, 0, 4))";
    String client =
        "socket(S, PF_INET, SOCK_STREAM, 0); setsockopt(S, 0, 4, pack('C3x9', 7, 11, 4)) || die $!;"
            + " connect(S, sockaddr_in($ARGV[0], INADDR_LOOPBACK)) || die $!; print <S>";
    try (var tcpserver = ours(option, "127.0.0.1", "0", "perl", "-e", ask)) {
      return Client.output("perl", "-MSocket", "-e", client, "" + tcpserver.port);
    }
  }

  @Test
  void programsHaveTheEnvironmentThatTcpserverWasGiven() throws Exception {
    var given = new TreeMap<String, String>();
    for (String name : "bin best closed dist feature home java link opens self".split(" ")) {
      given.put(name, "the caller's " + name);
    }
    given.put("PATH", "/nonexistent");
    given.put("SLUICE_HOME", server.home.toString());
    for (String name : List.of("A.B", "1x", "a-b%%", "dist.")) { // dash leaves them out
      given.put(name, "x".repeat(5_000) + "=" + name); // more than a pipe takes at once
    }
    List<String> command = new ArrayList<>(List.of(Server.DIST + "/bin/tcpserver", "-1", "-QRHl0"));
    if (Server.user().equals("root")) {
      command.add("-u65534");
    }
    command.addAll(List.of("127.0.0.1", "0", "/usr/bin/env"));
    var builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(given);
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try {
      int port = Integer.parseInt(Listening.line(process.getInputStream()));
      List<String> seen = List.of(talk(port, "").split("\n"));
      for (var variable : given.entrySet()) {
        String pair = variable.getKey() + "=" + variable.getValue();
        assertTrue(seen.contains(pair), () -> pair + " is not in " + seen);
      }
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void whoReadsThePortGetsToTheEnd() throws Exception {
    try (var tcpserver = ours("127.0.0.1", "0", "cat")) {
      int rest =
          CompletableFuture.supplyAsync(
                  () -> {
                    try {
                      return tcpserver.process.getInputStream().read();
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  })
              .get(60, TimeUnit.SECONDS);
      assertEquals(-1, rest);
      assertEquals("served", talk(tcpserver.port, "served"));
      for (int descriptor = 0; descriptor < 2; descriptor++) {
        Path link = Path.of("/proc/" + tcpserver.process.pid() + "/fd/" + descriptor);
        assertEquals(Path.of("/dev/null"), Files.readSymbolicLink(link));
      }
    }
  }

  @Test
  void afterSigtermProgramsGoOn() throws Exception {
    String script = "cat; echo to the log >&2; (read line <fifo; echo later $line) & exit";
    Path fifo = server.home.resolve("fifo");
    assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
    try (var tcpserver = ours("127.0.0.1", "0", "sh", "-c", script);
        var client = new NetstringClient(tcpserver.port)) {
      client.send("5:first,");
      assertEquals("first", client.read());
      tcpserver.process.destroy();
      assertTrue(tcpserver.process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, tcpserver.process.exitValue());
      try (var next = ours("127.0.0.1", "" + tcpserver.port, "cat")) {
        assertEquals("next", talk(next.port, "next"), "the port is free for a successor");
      }
      client.send("6:second,");
      assertEquals("second", client.read());
      client.socket().shutdownOutput();
      tcpserver.log("to the log\n");
      Files.writeString(fifo, "line\n");
      String rest =
          new String(client.socket().getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertEquals("later line\n", rest);
    }
  }

  @Test
  void sigtermWaitsForProgramsOfOurs() throws Exception {
    try (var tcpserver = ours("127.0.0.1", "0", "qmail-smtpd");
        var client = new SmtpClient(tcpserver.port)) {
      assertTrue(client.command("EHLO client.example").startsWith("250"));
      tcpserver.process.destroy();
      Poll.until(
          "no new clients",
          30_000,
          () -> {
            try (var late = new NetstringClient(tcpserver.port)) {
              return !late.socket().isConnected();
            } catch (ConnectException e) {
              return true;
            }
          });
      try (var next = ours("127.0.0.1", "" + tcpserver.port, "cat")) {
        assertEquals("next", talk(next.port, "next"), "the port is free for a successor");
      }
      assertTrue(client.command("NOOP").startsWith("250"));
      assertTrue(tcpserver.process.isAlive());
      assertTrue(client.command("QUIT").startsWith("221"));
      assertTrue(tcpserver.process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, tcpserver.process.exitValue());
    }
  }

  @Test
  void sigtermWithoutSessionsEndsAtOnce() throws Exception {
    try (var tcpserver = ours("127.0.0.1", "0", "cat")) {
      tcpserver.process.destroy();
      assertTrue(tcpserver.process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, tcpserver.process.exitValue());
    }
  }

  /** What tcpserver -RHl0 tells of a client. */
  private static void smtp(int port, String subject) throws Exception {
    smtp(port, subject, TRACE + "0 with SMTP");
  }

  private static void smtp(int port, String subject, String trace) throws Exception {
    try (var client = new SmtpClient(port)) {
      assertTrue(client.command("EHLO client.example").startsWith("250"));
      String text = "Subject: " + subject + "\n\n.x\n";
      assertTrue(client.send("s@x.example", TO, text).startsWith("250 "));
      assertTrue(client.command("QUIT").startsWith("221"));
    }
    var maildir = server.maildir(Server.user());
    Poll.until("delivered", 60_000, () -> maildir.count() == 1);
    String message = maildir.messages().get(0);
    assertEquals("Subject: " + subject + "\n\n.x\n", Maildir.withoutTrace(message));
    assertTrue(message.contains(trace), message);
  }

  /** As with Accept=yes and StandardInput=socket in a unit. */
  @Test
  void systemdInFrontOfOurPrograms() throws Exception {
    Installed.program("systemd-socket-activate");
    int port;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path bin = Server.DIST.resolve("bin");
    var builder =
        new ProcessBuilder(
            "systemd-socket-activate",
            "--accept",
            "--inetd",
            "-l127.0.0.1:" + port,
            "-ESLUICE_HOME=" + server.home,
            bin.resolve("tcp-env").toString(),
            "-R",
            bin.resolve("qmail-smtpd").toString());
    Path log = Files.createTempFile(server.home, "systemd", ".log");
    Process systemd = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      Poll.until("it listens", 60_000, () -> Files.readString(log).contains("Listening on"));
      smtp(port, "systemd and ours", TRACE);
    } finally {
      systemd.destroyForcibly();
    }
  }

  @Test
  void ourTcpserverAndOurPrograms() throws Exception {
    try (var tcpserver = ours("127.0.0.1", "0", "qmail-smtpd")) {
      smtp(tcpserver.port, "ours and ours");
      tcpserver.log(" status 0\n");
    }
    try (var tcpserver = ours("127.0.0.1", "0", "qmail-qmtpd");
        var client = new NetstringClient(tcpserver.port)) {
      client.send(NetstringClient.qmtp("\nx\n", "s", TO, "u@elsewhere.example"));
      assertEquals(List.of("K", "D"), client.letters(2));
    }
  }

  @Test
  void debiansTcpserverAndOurPrograms() throws Exception {
    String bin = Server.DIST.resolve("bin").toString();
    try (var tcpserver = debians("127.0.0.1", "0", bin + "/qmail-smtpd")) {
      smtp(tcpserver.port, "theirs and ours");
      tcpserver.log(" status 0\n");
    }
    try (var tcpserver = debians("127.0.0.1", "0", bin + "/qmail-qmqpd");
        var client = new NetstringClient(tcpserver.port)) {
      client.send(NetstringClient.qmqp("x\n", "s", TO));
      assertTrue(client.read().startsWith("Kok "));
      tcpserver.log(" status 0\n");
    }
    try (var tcpserver = debians("127.0.0.1", "0", bin + "/qmail-qmtpd");
        var client = new NetstringClient(tcpserver.port)) {
      client.send("x");
      assertTrue(client.closed());
      tcpserver.log(" status " + (100 << 8) + "\n");
    }
  }

  @Test
  void eachReadsTheRulesOfTheOther() throws Exception {
    Installed.program("tcprules");
    String rules = "127.0.0.1:allow,RELAYCLIENT=\"@fix.example\"\n:deny\n";
    Files.writeString(server.home.resolve("rules"), rules);
    for (String program : List.of("/usr/bin/tcprules", Server.DIST + "/bin/tcprules")) {
      var process =
          new ProcessBuilder("sh", "-c", program + " rules.cdb rules.tmp <rules")
              .directory(server.home.toFile())
              .inheritIO()
              .start();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
      assertEquals(0, process.exitValue());
      String[] words = {"-xrules.cdb", "127.0.0.1", "0", "sh", "-c", "cat; echo $RELAYCLIENT"};
      try (var ours = ours(words);
          var theirs = debians(words)) {
        assertEquals("@fix.example\n", talk(ours.port, ""));
        assertEquals("@fix.example\n", talk(theirs.port, ""));
      }
    }
  }

  @Test
  void tcpEnvFindsTheConnectionOnDescriptor0() throws Exception {
    String show =
        "cat; echo $PROTO $TCPREMOTEIP $TCPLOCALIP ${TCPREMOTEINFO-unset};"
            + " [ /proc/self/fd/0 -ef /proc/self/fd/1 ] && echo same; exit 3";
    String path = "PATH=" + Server.DIST.resolve("bin") + ":/usr/bin:/bin";
    String home = "SLUICE_HOME=" + server.home;
    // Nobody answers at this address, so that no name is found in no time.
    String[] words = {
      "127.0.0.1",
      "0",
      "env",
      "-i",
      path,
      home,
      "DNSCACHEIP=127.0.0.1:1",
      "tcp-env",
      "-R",
      "sh",
      "-c",
      show
    };
    try (var tcpserver = debians(words)) {
      assertEquals("hi\nTCP 127.0.0.1 127.0.0.1 unset\nsame\n", talk(tcpserver.port, "hi\n"));
      tcpserver.log(" status " + (3 << 8) + "\n");
    }
  }

  @Test
  void refusalsOfAProcessOfItsOwn() throws Exception {
    assertThrows(NumberFormatException.class, () -> ours("-z"));
    var process =
        new ProcessBuilder(Server.DIST + "/bin/tcpserver", "-z").redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertTrue(
        said.startsWith("tcpserver: illegal option -- z\ntcpserver: usage: tcpserver ["), said);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(100, process.exitValue());
  }
}
