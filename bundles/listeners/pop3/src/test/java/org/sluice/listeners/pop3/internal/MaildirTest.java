package org.sluice.listeners.pop3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.TestConnection;

/** Maildirs that are large, shared, strange, or change while a session runs. */
class MaildirTest {
  @TempDir Path home;
  private Accounts accounts;

  @BeforeEach
  void make() throws IOException {
    accounts = new Accounts(home);
  }

  /** A client in the midst of whose commands something happens. */
  private String readWhile(String before, Callable<?> event, String after) throws Exception {
    var pipe = new java.io.PipedInputStream(1 << 16);
    var client = new java.io.PipedOutputStream(pipe);
    var connection = new StreamConnection(pipe, Accounts.LOCAL);
    var server = accounts.start(connection);
    client.write((Accounts.LOGIN + before + "NOOP\r\nLAST\r\n").getBytes());
    String line = connection.line();
    while (!line.startsWith("+OK 0") && !line.matches("\\+OK \\d+")) {
      line = connection.line();
    }
    event.call();
    client.write(after.getBytes());
    client.close();
    var heard = new StringBuilder();
    for (line = connection.line(); line != null; line = connection.line()) {
      heard.append(line).append('\n');
    }
    server.join(60_000);
    assertFalse(server.isAlive());
    return heard.toString();
  }

  /** The list is made at the login and lasts for the session: nothing is read for it again. */
  @Test
  void whatIsKnownIsNotLookedForAgain() throws Exception {
    accounts.message("cur/1.a", "one\n");
    accounts.message("new/2.b", "three\n");
    String answers = "+OK 2 10\n+OK \n1 4\n2 6\n.\n+OK \n1 1.a\n2 2.b\n.\n";
    String ask = "STAT\r\nLIST\r\nUIDL\r\n";
    String heard =
        readWhile(
            ask,
            () -> {
              for (String directory : List.of("new", "cur", "tmp")) {
                Path gone = accounts.maildir().resolve(directory);
                try (var files = Files.list(gone)) {
                  for (Path file : files.toList()) {
                    Files.delete(file);
                  }
                }
                Files.delete(gone);
              }
              return null;
            },
            ask);
    assertEquals(answers, heard);
  }

  @Test
  void aMessageThatHasGone() throws Exception {
    accounts.message("cur/1.a", "one\n");
    Path second = accounts.message("new/2.b", "two\n");
    String heard =
        readWhile(
            "DELE 1\r\nRSET\r\n",
            () -> Files.deleteIfExists(second),
            "LIST\r\nRETR 2\r\nTOP 2 1\r\nRETR 1\r\nDELE 2\r\nQUIT\r\n");
    assertEquals(
        """
        +OK\s
        1 4
        2 4
        .
        -ERR unable to open that message
        -ERR unable to open that message
        +OK\s
        one

        .
        +OK\s
        -ERR unable to unlink all deleted messages
        +OK\s
        """,
        heard);
  }

  @Test
  void aMessageThatCannotBeRemoved() throws Exception {
    Path first = accounts.message("cur/1.a", "one\n");
    accounts.message("cur/2.b", "two\n");
    String heard =
        readWhile(
            "DELE 1\r\nDELE 2\r\n",
            () -> {
              Files.delete(first);
              return Files.createDirectory(first);
            },
            "QUIT\r\n");
    assertEquals("-ERR unable to unlink all deleted messages\n+OK \n", heard);
    assertTrue(Files.isDirectory(first));
    assertFalse(Files.exists(accounts.maildir().resolve("cur/2.b")));
  }

  @Test
  void nothingChangesWithoutQuit() throws Exception {
    accounts.message("new/1.a", "one\n");
    accounts.message("cur/2.b", "two\n");
    accounts.read("DELE 1\r\nDELE 2\r\nRETR 1\r\n");
    accounts.read("DELE 1\r\nQU");
    assertTrue(Files.exists(accounts.maildir().resolve("new/1.a")));
    assertTrue(Files.exists(accounts.maildir().resolve("cur/2.b")));
  }

  @Test
  void aUidOutlivesTheMoveToCurAndChangesOfFlags() throws Exception {
    accounts.message("new/1700000000.M1P2.host", "one\n");
    String first = accounts.read("UIDL 1\r\nQUIT\r\n");
    assertEquals("+OK 1 1700000000.M1P2.host\r\n+OK \r\n", first);
    assertEquals(first, accounts.read("UIDL 1\r\nQUIT\r\n"));
    Path cur = accounts.maildir().resolve("cur");
    Files.move(cur.resolve("1700000000.M1P2.host:2,"), cur.resolve("1700000000.M1P2.host:2,RS"));
    assertEquals(first, accounts.read("UIDL 1\r\nQUIT\r\n"));
  }

  @Test
  void aNameThatIsNoTextInAnyEncoding() throws Exception {
    Path odd = Path.of(URI.create(accounts.maildir().resolve("new").toUri() + "/1.%ff%fe%c3"));
    Files.writeString(odd, "odd\n");
    Files.setLastModifiedTime(odd, java.nio.file.attribute.FileTime.fromMillis(1_700_000_000_000L));
    String heard = accounts.read("UIDL\r\nRETR 1\r\nQUIT\r\n");
    assertEquals("+OK \r\n1 1.\u00ff\u00fe\u00c3\r\n.\r\n+OK \r\nodd\r\n\r\n.\r\n+OK \r\n", heard);
    Path moved =
        Path.of(URI.create(accounts.maildir().resolve("cur").toUri() + "/1.%ff%fe%c3%3a2,"));
    assertTrue(Files.exists(moved));
  }

  @Test
  void whatIsNoFile() throws Exception {
    String script = "cd $0; mkdir a; mkfifo b; ln -s nowhere c; touch -d @1700000000 a b";
    Process shell =
        new ProcessBuilder("/bin/sh", "-c", script, accounts.maildir().resolve("cur").toString())
            .start();
    assertTrue(shell.waitFor(60, TimeUnit.SECONDS) && shell.exitValue() == 0);
    for (int number = 1; number <= 2; number++) {
      var connection =
          new TestConnection(
              Accounts.LOGIN + "STAT\r\nRETR " + number + "\r\nNOOP\r\n", Accounts.LOCAL, 1 << 16);
      boolean directory = accounts.read("UIDL " + number + "\r\n").endsWith(" a\r\n");
      if (directory) {
        assertThrows(IOException.class, () -> accounts.serve(connection));
      } else {
        accounts.serve(connection);
      }
      String end = directory ? "+OK \r\n" : "-ERR unable to open that message\r\n+OK \r\n";
      assertTrue(connection.heard().endsWith("\r\n" + end), connection.heard());
      assertTrue(connection.heard().contains("\r\n+OK 2 "), connection.heard());
    }
  }

  @Test
  void aHundredThousandMessages() throws Exception {
    int count = 100_000;
    Path cur = accounts.maildir().resolve("cur");
    for (int i = 0; i < count; i++) {
      // One file has at most 65,000 names.
      Path first = cur.resolve("1700000000.M%06dP1.host:2,".formatted(i - i % 50_000));
      if (i % 50_000 == 0) {
        Files.writeString(first, "x".repeat(100) + "\n");
        Files.setLastModifiedTime(
            first, java.nio.file.attribute.FileTime.fromMillis(1_700_000_000_000L));
      } else {
        Files.createLink(cur.resolve("1700000000.M%06dP1.host:2,".formatted(i)), first);
      }
    }
    String heard =
        accounts.read(
            "STAT\r\nSTAT\r\nLIST 100000\r\nRETR 1\r\nDELE 99999\r\nSTAT\r\nUIDL\r\nRETR 100001\r\n");
    assertTrue(heard.startsWith("+OK 100000 10100000\r\n".repeat(2) + "+OK 100000 101\r\n"), "");
    assertTrue(heard.contains("\r\n+OK 100000 10099899\r\n"));
    assertTrue(heard.endsWith("\r\n.\r\n-ERR not that many messages\r\n"));
    String list = heard.substring(heard.indexOf("10099899\r\n"));
    assertEquals(count - 1, list.lines().filter(l -> l.contains("P1.host")).distinct().count());
  }

  @Test
  void manySessionsAtOnce() throws Exception {
    int messages = 300;
    for (int i = 0; i < messages; i++) {
      accounts.message("new/%03d".formatted(i), "Subject: %d\n\nbody\n".formatted(i));
    }
    int sessions = 12;
    ExecutorService threads = Executors.newFixedThreadPool(sessions);
    try {
      List<Future<String>> heard = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        int own = i;
        heard.add(
            threads.submit(() -> accounts.say(Accounts.LOGIN + script(own, sessions, messages))));
      }
      for (Future<String> session : heard) {
        String text = session.get(120, TimeUnit.SECONDS);
        assertTrue(text.endsWith("+OK \r\n"), text);
      }
    } finally {
      threads.shutdownNow();
    }
    // Each session removed its share; the rest is in new or cur once, whoever moved it.
    List<String> left = new ArrayList<>();
    for (String directory : List.of("new", "cur")) {
      try (var files = Files.list(accounts.maildir().resolve(directory))) {
        files.map(f -> f.getFileName().toString()).forEach(left::add);
      }
    }
    assertEquals(left.size(), left.stream().map(n -> n.replaceFirst(":.*", "")).distinct().count());
    assertTrue(left.size() < messages);
  }

  private static String script(int own, int sessions, int messages) {
    var script = new StringBuilder("STAT\r\nUIDL\r\n");
    for (int n = 1; n <= messages; n++) {
      script.append("RETR ").append(n).append("\r\n");
      if (n % sessions == own) {
        script.append("DELE ").append(n).append("\r\n");
      }
    }
    return script.append("QUIT\r\n").toString();
  }

  @Test
  void hostileInput() throws Exception {
    accounts.message("cur/1.a", "x\n");
    String line = "A".repeat(10_000_000);
    assertEquals("-ERR line too long\r\n", accounts.read(line + "\r\nSTAT\r\n"));
    assertTrue(accounts.say(line).endsWith("\r\n-ERR line too long\r\n"));
    var binary = new byte[100_000];
    new java.util.Random(2).nextBytes(binary);
    String noise = new String(binary, StandardCharsets.ISO_8859_1);
    assertTrue(accounts.read(noise + "\r\nNOOP\r\n").startsWith("-ERR unimplemented\r\n"));
    assertTrue(accounts.say(noise).contains("-ERR authorization first\r\n"));
    assertEquals("+OK 1 2\r\n".repeat(5_000), accounts.read("STAT\r\n".repeat(5_000)));
  }

  @Test
  void theEndInTheMidstOfALine() throws Exception {
    assertEquals("+OK 0 0\r\n", accounts.read("STAT\r\nSTA"));
    assertTrue(accounts.say("USER jo").matches("\\+OK [^\r]*\r\n"));
  }

  @Test
  void aDrainEndsTheSessionBetweenCommands() throws Exception {
    accounts.message("new/1.a", "x\n");
    var connection =
        new TestConnection(Accounts.LOGIN + "DELE 1\r\nSTAT\r\n", Accounts.LOCAL, 1 << 16);
    connection.draining = true;
    accounts.serve(connection);
    assertTrue(connection.heard().endsWith("+OK \r\n+OK 1 0\r\n"));
    assertTrue(Files.exists(accounts.maildir().resolve("new/1.a")));
    assertFalse(connection.idleAt.isEmpty());
  }

  @Test
  void whoIsAskedWithinALoginIsToldToGoAsWell() {
    accounts.join(Fake.asks("auth"));
    var connection = new TestConnection("AUTH plain\r\n", Accounts.LOCAL, 1 << 16);
    assertThrows(IOException.class, () -> accounts.serve(connection));
    assertTrue(connection.heard().endsWith("\r\n+ plain\r\n"), connection.heard());
    assertEquals(List.of(0, 12), connection.idleAt);
  }
}
