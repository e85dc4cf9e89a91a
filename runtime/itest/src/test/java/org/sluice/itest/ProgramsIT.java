package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Programs in bin/, with and without a server behind them. */
class ProgramsIT {
  private static Server server;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("programs", Map.of());
    server.conf(
        "org.sluice.net-scanned.cfg",
        "protocol = smtp\naddress = 127.0.0.1\nport = 0\nname = scanned\n"
            + "environment = QMAILQUEUE="
            + scanner()
            + "\n");
    server.start().listening("scanned");
    Poll.until("the console is up", 30_000, () -> console().contains("invoked improperly"));
  }

  /** Takes the mail of the innocent on to the queue, and keeps what it saw of any. */
  private static Path scanner() throws IOException {
    Path script = server.home.resolve("scanner");
    String seen = server.home.resolve("seen").toString();
    Files.writeString(
        script,
        "#!/bin/sh\ncat >%s\ngrep -q EICAR %s && exit 31\nexec qmail-queue <%s\n"
            .formatted(seen, seen, seen));
    assertTrue(script.toFile().setExecutable(true));
    return script;
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
    builder.directory(server.home.toFile()); // not in the source tree
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
  void aClosedDescriptorIsNoMail() throws Exception {
    Files.writeString(server.home.resolve("m.jar"), "Subject: x\n\nno jar of ours\n");
    Files.writeString(server.home.resolve("e.jar"), "Fclosed@b.example\0\0");
    var expected = new LinkedHashMap<String, Integer>();
    expected.put("qmail-queue 0<&- 1<e.jar", 54);
    expected.put("qmail-queue <m.jar 1>&-", 54);
    expected.put("qmail-queue 0<&- 1>&- 2>&-", 54);
    expected.put("qmail-queue 0>written 1<e.jar", 54);
    expected.put("qmail-queue </ 1<e.jar", 54);
    expected.put("qmail-inject -f closed@b.example c@d.example 0<&-", 111);
    expected.put("qmail-smtpd 0<&-", 1);
    expected.put("echo QUIT | qmail-smtpd >&-", 1);
    expected.put("echo QUIT | qmail-popup h true >&-", 1);
    expected.put("qmail-getpw root >&-", 111);
    // A program of the system that one of ours runs.
    expected.put("except sh -c '[ -e /proc/$$/fd/2 ]' 2>&- <m.jar", 0);
    expected.put("except sh -c '[ -e /proc/$$/fd/2 ]' <m.jar", 100);
    for (var run : expected.entrySet()) {
      int status = sh(server.home, "cd " + server.home + "; " + run.getKey()).getKey();
      assertEquals(run.getValue(), status, run.getKey());
    }
    assertEquals(0, queued("closed@b.example"));
    // In a file that has the name of one of the JVM's.
    assertEquals(0, sh(server.home, "cd " + server.home + "; qmail-queue <m.jar 1<e.jar").getKey());
    Poll.until("queued", 30_000, () -> queued("closed@b.example") == 1);
  }

  /** Of this sender, whom no other test has: the log is some milliseconds behind. */
  private static long queued(String sender) throws IOException {
    String from = " from <" + sender + "> ";
    return server.log().stream().filter(line -> line.contains(from)).count();
  }

  @Test
  void anEmptyQmailqueueQueuesNothing() throws Exception {
    var said = sh(server.home, "echo x | QMAILQUEUE= qmail-inject -f empty@b.example c@d.example");
    assertEquals(
        Map.entry(111, "qmail-inject: fatal: unable to exec qq (#4.3.0)\n"), said, "of spec 10 2A");
    assertEquals(0, queued("empty@b.example"));
  }

  @Test
  void qmailSmtpdSpeaksOnItsDescriptors() throws Exception {
    var said = sh(server.home, "printf 'HELO x\\r\\nQUIT\\r\\n' | qmail-smtpd");
    assertEquals(0, said.getKey());
    assertEquals("220 localhost ESMTP\r\n250 localhost\r\n221 localhost\r\n", said.getValue());
  }

  @Test
  void aScannerThatAListenerNamesSeesItsMail() throws Exception {
    try (var client = new SmtpClient(server.port("scanned"))) {
      client.command("HELO client.example");
      String to = Server.user() + "@localhost";
      String refused = client.send("a@b.example", to, "Subject: EICAR\n\nx\n");
      assertTrue(refused.startsWith("554 "), refused);
      var maildir = server.maildir(Server.user());
      int before = maildir.count();
      String accepted = client.send("a@b.example", to, "Subject: innocent\n\nx\n");
      assertTrue(accepted.startsWith("250 "), accepted);
      assertTrue(Files.readString(server.home.resolve("seen")).endsWith("innocent\n\nx\n"));
      Poll.until("delivered", 30_000, () -> maildir.count() == before + 1);
    }
  }

  @Test
  void theProgramHonoursQmailqueueToo() throws Exception {
    Path seen = server.home.resolve("seen");
    Files.deleteIfExists(seen);
    String say = "HELO x\\r\\nMAIL FROM:<>\\r\\nRCPT TO:<%s@localhost>\\r\\nDATA\\r\\n";
    String line =
        "printf '%s' | RELAYCLIENT= QMAILQUEUE=%s qmail-smtpd"
            .formatted(
                say.formatted(Server.user()) + "EICAR\\r\\n.\\r\\nQUIT\\r\\n",
                server.home.resolve("scanner"));
    String said = sh(server.home, line).getValue();
    assertTrue(said.contains("\r\n554 "), said);
    assertTrue(Files.readString(seen).endsWith("EICAR\n"));
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
    Files.createDirectories(nowhere.resolve("control"));
    Files.writeString(nowhere.resolve("control/me"), "m.example\n");
    String reason = said.getValue();
    said = sh(nowhere, "PATH=/usr/bin:/bin; echo | " + Server.DIST + "/bin/sendmail a@b.example");
    String fatal = "qmail-inject: fatal: unable to exec qq (#4.3.0)\n";
    assertEquals(Map.entry(111, reason + fatal), said);
  }

  private static final String NO_SERVER = "421 unable to read controls (#4.3.0)\r\n";

  /** Under inetd descriptor 2 is the connection. */
  @Test
  void aListenersClientHearsNothingButTheProtocol() throws Exception {
    Path nowhere = server.home.resolve("nowhere");
    assertEquals(Map.entry(111, NO_SERVER), sh(nowhere, "qmail-smtpd"));
    for (String silent : List.of("qmail-qmtpd", "qmail-qmqpd")) {
      assertEquals(Map.entry(111, ""), sh(nowhere, silent));
    }
    var popup = sh(nowhere, "printf 'USER a\\r\\nPASS b\\r\\n' | qmail-popup h checkpassword true");
    assertTrue(
        popup.getValue().matches("\\+OK <[^>]*>\r\n\\+OK \r\n-ERR authorization failed\r\n"),
        popup.getValue());
    // tcp-env runs it in its own process.
    String inetd =
        "import socket, subprocess; a, b = socket.socketpair(); b.settimeout(60);"
            + " p = subprocess.run(['tcp-env', 'qmail-smtpd'], stdin=a, stdout=a, stderr=a);"
            + " a.close(); print(p.returncode, b.recv(1000), b.recv(1000))";
    var said = sh(nowhere, "PROTO=TCP python3 -c \"" + inetd + "\"");
    assertEquals("111 b'" + NO_SERVER.strip() + "\\r\\n' b''\n", said.getValue());
    // Where it is not, it tells the operator.
    var log = sh(nowhere, "qmail-smtpd 2>" + server.home.resolve("said"));
    assertEquals(Map.entry(111, NO_SERVER), log);
    assertTrue(Files.readString(server.home.resolve("said")).contains("not running"));
    Path killed = Files.createDirectories(server.home.resolve("killed/run"));
    Files.writeString(killed.resolve("door"), "");
    assertEquals(Map.entry(111, NO_SERVER), sh(killed.getParent(), "qmail-smtpd"));
  }

  @Test
  void aMissingQmailqueueIsNotSaidToTheClient() throws Exception {
    String say =
        "HELO x\\r\\nMAIL FROM:<>\\r\\nRCPT TO:<a@b.example>\\r\\nDATA\\r\\nx\\r\\n.\\r\\nQUIT\\r\\n";
    String line = "printf '%s' | RELAYCLIENT= QMAILQUEUE=/nonexist qmail-smtpd 2>%s";
    Path log = server.home.resolve("said");
    String said = sh(server.home, line.formatted(say, log)).getValue();
    assertTrue(said.contains("\r\n451 unable to exec qq (#4.3.0)\r\n221 "), said);
    assertEquals("", Files.readString(log));
  }

  @Test
  void connectionsAreCounted() throws Exception {
    var said = sh(server.home, "listeners");
    String smtp = "listener=smtp address=127.0.0.1:" + server.port() + " limit=400 now=";
    assertTrue(said.getKey() == 0 && said.getValue().contains(smtp), said.getValue());
  }

  @Test
  void databasesAreMadeAndReadWithoutAServer() throws Exception {
    Path nowhere = server.home.resolve("nowhere");
    String go = "cd " + server.home + "; ";
    String records = "+3,5:one->Hello\n+3,7:one->Goodbye\n\n";
    String make = "printf '" + records.replace("\n", "\\n") + "' | cdbmake words.cdb words.tmp";
    assertEquals(Map.entry(0, ""), sh(nowhere, go + make));
    assertEquals(Map.entry(0, "Goodbye"), sh(nowhere, go + "cdbget one 1 <words.cdb"));
    assertEquals(Map.entry(100, ""), sh(nowhere, go + "cdbget one 2 <words.cdb"));
    assertEquals(Map.entry(0, records), sh(nowhere, go + "cat words.cdb | cdbdump"));
  }

  @Test
  void rblsmtpdStandsBeforeAServer() throws Exception {
    String blocked =
        "printf 'NOOP\\r\\nDATA\\r\\n' | RBLSMTPD=-no rblsmtpd qmail-smtpd 2>/dev/null";
    assertEquals(
        Map.entry(0, "220 rblsmtpd.local\r\n250 rblsmtpd.local\r\n553 no\r\n"),
        sh(server.home.resolve("nowhere"), blocked));
    var said = sh(server.home, "printf 'QUIT\\r\\n' | rblsmtpd -b qmail-smtpd");
    assertEquals(Map.entry(0, "220 localhost ESMTP\r\n221 localhost\r\n"), said);
  }

  @Test
  void fixcrioAndRecordioStandBeforeAProgram() throws Exception {
    Path nowhere = server.home.resolve("nowhere");
    assertEquals(
        Map.entry(3, "a\r\nb\r\n"), sh(nowhere, "printf 'a\\nb\\n' | fixcrio sh -c 'cat; exit 3'"));
    String record = "cd " + server.home + "; printf 'QUIT\\r\\n' | recordio %s 2>recorded";
    assertEquals(
        Map.entry(0, "220 localhost ESMTP\r\n221 localhost\r\n"),
        sh(server.home, record.formatted("qmail-smtpd")));
    String log = Files.readString(server.home.resolve("recorded")).replaceAll("(?md)^[0-9]+ ", "");
    assertEquals(
        List.of("< QUIT\r ", "> 220 localhost ESMTP\r ", "> 221 localhost\r ", "> [EOF]"),
        Stream.of(log.split("\n")).filter(line -> !line.equals("< [EOF]")).sorted().toList());
    assertEquals(Map.entry(0, "QUIT\r\n"), sh(nowhere, record.formatted("cat")));
    String later =
        "(while kill -0 $$; do sleep 0.02; done; echo a; sleep 0.2; echo b) 2>/dev/null&";
    assertEquals(Map.entry(0, "a\nb\n"), sh(nowhere, "recordio sh -c '" + later + "' 2>/dev/null"));
  }

  @Test
  void everyLinkInBinIsAProgramAndEveryProgramHasOne() throws Exception {
    var names = new TreeSet<String>();
    try (var files = Files.list(Server.DIST.resolve("bin"))) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    names.removeAll(Set.of("sluice", "program"));
    for (String name : names) {
      Path directory = Files.createDirectories(server.home.resolve("directories").resolve(name));
      var said = sh(server.home, "cd " + directory + "; " + name + " --no-such-option </dev/null");
      String text = name + ": " + said.getValue();
      assertFalse(said.getValue().contains(name + ": no such program"), text);
      assertFalse(text.contains("\tat "), text); // no line of a stack trace
    }
    names.removeAll(Set.of("qmail-start", "qmail-send")); // scripts
    assertEquals(names, registered());
  }

  /** The programs that the running server has. */
  private static Set<String> registered() throws IOException, InterruptedException {
    var names = new TreeSet<String>();
    for (String line : server.sluice("shell", "$.commands").split("\n")) {
      if (line.startsWith("sluice:")) {
        names.add(line.replaceFirst("sluice:", ""));
      }
    }
    return names;
  }
}
