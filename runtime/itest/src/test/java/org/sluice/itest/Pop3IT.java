package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sluice.testkit.Installed;

/** Mail that came by SMTP, fetched by the POP3 clients that people use. */
class Pop3IT {
  private static final String JOE = "joe";

  /** What a sender may do, each line ended by LF. */
  private static final List<String> SENT =
      List.of(
          "Subject: plain\n\nhello\n",
          "Subject: dots\n\n.\n..\n.x\n...\n",
          "Subject: eight bit\n\n\u00e9\u00ff\u0080\n",
          "Subject: empty body\n\n",
          "Subject: empty lines\n\n\n\nx\n\n\n",
          "Subject: long\n\n" + "0123456789".repeat(90) + "\n" + "x\n".repeat(50_000));

  private static Server server;
  private static String password;

  /** The files as they were delivered, line ends as on the wire. */
  private static List<String> delivered;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("pop3", Map.of());
    password = password(server.sluice("mailbox", "add", JOE));
    server.start();
    try (var client = new SmtpClient(server.port())) {
      client.command("HELO client.example");
      for (String message : SENT) {
        String reply = client.send("a@client.example", JOE + "@localhost", message);
        assertTrue(reply.startsWith("250 "), reply);
      }
    }
    // A message is shown from the second after it was delivered.
    Poll.until("all are there", 60_000, () -> count() == SENT.size());
    delivered = new ArrayList<>();
    for (String message : server.maildir(JOE).messages()) {
      delivered.add(wire(message));
    }
    Collections.sort(delivered);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static String password(String said) {
    return said.lines()
        .filter(line -> line.startsWith("pop3: user "))
        .map(line -> line.split(" ")[4])
        .findFirst()
        .orElseThrow(() -> new AssertionError(said));
  }

  private static int port() throws IOException {
    return server.port("pop3");
  }

  private static int count() throws IOException {
    try (var client = Pop3Client.login(port(), JOE, password)) {
      return Integer.parseInt(client.command("STAT").split(" ")[1]);
    }
  }

  private static String wire(String message) {
    return message.replace("\n", "\r\n");
  }

  /** As fetched, whatever line ends the client writes, and without qmail's line at the end. */
  private static void check(List<String> fetched) {
    List<String> got = new ArrayList<>();
    for (String message : fetched) {
      String text = wire(message.replace("\r\n", "\n"));
      assertTrue(text.endsWith("\r\n\r\n"), "qmail-pop3d adds an empty line: " + text);
      got.add(text.substring(0, text.length() - 2));
    }
    Collections.sort(got);
    assertEquals(delivered, got);
  }

  private static List<String> files(Path directory) throws IOException {
    List<String> texts = new ArrayList<>();
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        texts.add(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return texts;
  }

  private static Path directory(String name) throws IOException {
    Path path = Files.createDirectories(server.home.resolve("fetched").resolve(name));
    for (String part : List.of("tmp", "new", "cur")) {
      Files.createDirectories(path.resolve(part));
    }
    return path;
  }

  private static Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(server.home.resolve(name), text);
    Files.setAttribute(file, "unix:mode", 0600);
    return file;
  }

  @Test
  void curl() throws Exception {
    Path config = secret("curlrc", "user = \"" + JOE + ":" + password + "\"\n");
    Path fetched = directory("curl").resolve("new");
    for (int n = 1; n <= SENT.size(); n++) {
      String url = "pop3://127.0.0.1:" + port() + "/" + n;
      Client.run(
          "curl", "-sS", "-K", config.toString(), "-o", fetched.resolve("" + n).toString(), url);
    }
    check(files(fetched));
  }

  @Test
  void poplib() throws Exception {
    Path fetched = directory("poplib").resolve("new");
    String script =
        """
        import os, poplib
        c = poplib.POP3('127.0.0.1', %d)
        assert 'PLAIN' in c.capa()['SASL'], c.capa()
        c.user('%s'); c.pass_('%s')
        count, size = c.stat()
        assert len(c.list()[1]) == count == len(c.uidl()[1])
        for n in range(1, count + 1):
            lines = c.retr(n)[1]
            assert c.top(n, 0)[1] == lines[:lines.index(b'') + 1] + [b''], c.top(n, 0)
            open('%s/%%d' %% n, 'wb').write(b''.join(l + b'\\r\\n' for l in lines))
        c.quit()
        """
            .formatted(port(), JOE, password, fetched);
    Client.run("python3", "-c", script);
    check(files(fetched));
  }

  private static Path mpop(Server host, String secret, String method) throws Exception {
    Path fetched = directory("mpop-" + method);
    Path config =
        secret(
            "mpoprc",
            """
            account default
            host 127.0.0.1
            port %d
            tls off
            auth %s
            user %s
            password %s
            keep on
            received_header off
            uidls_file %s
            delivery maildir %s
            """
                .formatted(
                    host.port("pop3"), method, JOE, secret, fetched.resolve("uidls"), fetched));
    Client.run("mpop", "-q", "-C", config.toString());
    return fetched.resolve("new");
  }

  @Test
  void mpop() throws Exception {
    check(files(mpop(server, password, "user")));
    check(files(mpop(server, password, "plain")));
    check(files(mpop(server, password, "scram-sha-256")));
  }

  @Test
  void digests() throws Exception {
    var other = new Server("pop3-digests", Map.of());
    other.sluice("mailbox", "add", JOE);
    // They need the secret itself.
    Files.writeString(other.home.resolve("users/passwords"), "joe:{PLAIN}joes secret\n");
    message(other, "cur/1.a", "Subject: x\n\nx\n");
    try (other) {
      other.start();
      for (String method : List.of("cram-md5", "apop")) {
        assertEquals(1, files(mpop(other, "joes secret", method)).size());
      }
      String script =
          "import poplib; c = poplib.POP3('127.0.0.1', %d); c.apop('joe', 'joes secret'); c.quit()";
      Client.run("python3", "-c", script.formatted(other.port("pop3")));
    }
  }

  private static Path message(Server host, String name, String text) throws IOException {
    Path file = host.maildir(JOE).path().resolve(name);
    Files.writeString(file, text);
    return Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
  }

  @Test
  void fetchmail() throws Exception {
    Path fetched = directory("fetchmail");
    Path config =
        secret(
            "fetchmailrc",
            """
            set no bouncemail
            poll 127.0.0.1 service %d protocol pop3 auth password
            username "%s" password "%s" keep fetchall no rewrite no mimedecode
            mda "cat >%s/new/$$.$(date +%%s%%N)"
            """
                .formatted(port(), JOE, password, fetched));
    Client.run(
        "fetchmail",
        "--invisible",
        "--nosyslog",
        "--pidfile",
        server.home.resolve("fetchmail.pid").toString(),
        "-i",
        server.home.resolve("fetchids").toString(),
        "--sslproto",
        "",
        "-f",
        config.toString());
    check(files(fetched.resolve("new")));
  }

  /** It refuses to run as root. */
  @Test
  void getmail() throws Exception {
    Path home = Files.createTempDirectory("getmail");
    for (String part : List.of("tmp", "new", "cur")) {
      Files.createDirectory(home.resolve(part));
    }
    Files.writeString(
        home.resolve("getmailrc"),
        """
        [retriever]
        type = SimplePOP3Retriever
        server = 127.0.0.1
        port = %d
        username = %s
        password = %s
        timeout = 20
        [destination]
        type = Maildir
        path = %s/
        [options]
        delete = false
        read_all = true
        delivered_to = false
        received = false
        """
            .formatted(port(), JOE, password, home));
    List<String> command =
        new ArrayList<>(List.of("getmail", "-q", "--getmaildir", home.toString()));
    if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
      Installed.program("getmail");
      Client.run("chown", "-R", "65534:65534", home.toString());
      command.addAll(
          0, List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
    }
    Path said = home.resolve("said");
    String missed = "waiting child pid \\d+ timed out";
    for (int more = 5; !ends(command, said); more--) {
      // It may miss that a child of its own has ended, by a race, and gives up when the time is up.
      String text = Files.readString(said, StandardCharsets.ISO_8859_1);
      assertTrue(more > 0 && Pattern.compile(missed).matcher(text).find(), text);
      try (var fetched = Files.list(home.resolve("new"))) {
        for (Path file : fetched.toList()) {
          Files.delete(file);
        }
      }
    }
    // It folds one field of the header.
    check(files(home.resolve("new")).stream().map(t -> t.replace(";\n ", "; ")).toList());
    Client.run("rm", "-rf", home.toString());
  }

  private static boolean ends(List<String> command, Path said) throws Exception {
    String[] arguments = command.subList(1, command.size()).toArray(new String[0]);
    Process process = Client.start(said, command.get(0), arguments);
    assertTrue(process.waitFor(180, TimeUnit.SECONDS));
    return process.exitValue() == 0;
  }

  @Test
  void aWrongPasswordIsToldAsOne() throws Exception {
    try (var client = new Pop3Client(port())) {
      client.command("USER " + JOE);
      assertEquals("-ERR [AUTH] authorization failed", client.command("PASS wrong"));
      client.command("USER " + JOE);
      assertEquals("+OK ", client.command("PASS " + password));
      assertEquals("+OK ", client.command("QUIT"));
    }
  }

  @Test
  void aNewPasswordIsGoodAtOnce() throws Exception {
    String first = password(server.sluice("mailbox", "add", "new"));
    Pop3Client.login(port(), "new", first).close();
    String second = password(server.sluice("mailbox", "password", "new"));
    Pop3Client.login(port(), "new", second).close();
    assertThrows(IOException.class, () -> Pop3Client.login(port(), "new", first));
    String file = Files.readString(passwords());
    assertTrue(!file.contains(first) && !file.contains(second));
    assertEquals(0600, (Integer) Files.getAttribute(passwords(), "unix:mode") & 07777);
  }

  private static Path passwords() {
    return server.home.resolve("users/passwords");
  }

  @Test
  void theProgramsInARow() throws Exception {
    String line =
        "umask 031; printf 'USER %s\\r\\nPASS %s\\r\\n' | qmail-popup pop.example checkpassword"
            + " sh -c 'echo \"$USER $HOME $PWD $(umask)\"'";
    Path output = server.home.resolve("popup.txt");
    var builder =
        new ProcessBuilder("/bin/sh", "-c", line.formatted(JOE, password))
            .redirectErrorStream(true);
    builder.environment().put("SLUICE_HOME", server.home.toString());
    builder.environment().put("PATH", Server.DIST.resolve("bin") + ":/usr/bin:/bin");
    Process process = builder.redirectOutput(output.toFile()).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    String home = server.home.resolve("mail").resolve(JOE).toString();
    String said = Files.readString(output);
    assertTrue(
        said.matches(
            "\\+OK <\\d+\\.\\d+@pop\\.example>\r\n\\+OK \r\n"
                + java.util.regex.Pattern.quote(JOE + " " + home + " " + home + " 0031\n")),
        said);
    assertEquals(1, process.exitValue());
  }

  @Test
  void aServerThatStopsEndsSessionsAndRemovesNothing() throws Exception {
    var other = new Server("pop3-stop", Map.of());
    String secret = password(other.sluice("mailbox", "add", JOE));
    Path message = message(other, "cur/1.a", "x\n");
    other.start();
    try (other;
        var client = Pop3Client.login(other.port("pop3"), JOE, secret)) {
      assertEquals("+OK ", client.command("DELE 1"));
      other.sluice("stop");
      assertThrows(EOFException.class, client::line);
      assertTrue(Files.exists(message));
    }
  }
}
