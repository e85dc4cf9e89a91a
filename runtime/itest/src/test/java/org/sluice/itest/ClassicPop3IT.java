package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * POP3 as it was always run: tcpserver, qmail-popup, checkpassword and qmail-pop3d, one after the
 * other, all of them ours and each in {@code bin/}. Where root runs it, the account is another one,
 * which qmail-pop3d runs as.
 */
class ClassicPop3IT {
  private static final boolean ROOT = Server.user().equals("root");
  private static final int UID = 54323;

  /** Octets, line ends and dots that a client must get back as they are, but for CR. */
  private static final String FIRST =
      "Subject: first\n\n.\n..\n.x\n\u00e9\u00ff\u0080\u0001\n\n" + "long".repeat(400) + "\n\n";

  /** All that the account uses: where the build is may be closed to it. */
  @TempDir Path directory;

  private Path maildir;

  private static Path own(Path path) throws IOException {
    if (ROOT) {
      Files.setAttribute(path, "unix:uid", UID);
      Files.setAttribute(path, "unix:gid", UID);
    }
    return path;
  }

  private void message(String name, String text) throws IOException {
    Path file = own(Files.writeString(maildir.resolve(name), text, StandardCharsets.ISO_8859_1));
    // The order is that of the times.
    long second = Long.parseLong(name.replaceAll(".*/|\\..*", ""));
    Files.setLastModifiedTime(file, FileTime.fromMillis(second * 1000));
  }

  private List<String> left(String part) throws IOException {
    try (Stream<Path> files = Files.list(maildir.resolve(part))) {
      return List.copyOf(new TreeSet<>(files.map(f -> f.getFileName().toString()).toList()));
    }
  }

  /** A server in which joe is the owner of the Maildir. */
  private Server server() throws Exception {
    Files.setAttribute(directory, "unix:mode", 0755);
    Path home = own(Files.createDirectory(directory.resolve("joe")));
    Files.setAttribute(home, "unix:mode", 0700);
    maildir = own(Files.createDirectory(home.resolve("Maildir")));
    for (String part : List.of("tmp", "new", "cur")) {
      own(Files.createDirectory(maildir.resolve(part)));
    }
    var server = new Server("classic-pop3", Map.of());
    Path users = Files.createDirectories(server.home.resolve("users"));
    Files.writeString(
        users.resolve("assign"),
        "=joe:joe:%s:%s:%s:::\n.\n"
            .formatted(
                Files.getAttribute(home, "unix:uid"), Files.getAttribute(home, "unix:gid"), home));
    Path passwords = Files.writeString(users.resolve("passwords"), "joe:{PLAIN}joes secret\n");
    Files.setAttribute(passwords, "unix:mode", 0600);
    return server;
  }

  private Path distribution() throws Exception {
    Path copy = directory.resolve("sluice");
    Client.run("cp", "-r", Server.DIST.toString(), copy.toString());
    Client.run("chmod", "-R", "go+rX", copy.toString());
    return copy;
  }

  @Test
  void aClientFromItsLoginToItsQuit() throws Exception {
    var server = server();
    message("new/1700000001.first", FIRST);
    message("new/1700000002.second", "Subject: second\n\n2\n");
    message("cur/1700000003.third:2,S", "Subject: third\n\n3\n");
    Path distribution = distribution();
    Path bin = distribution.resolve("bin");
    try (server) {
      server.start();
      try (var tcpserver =
          new Listening(
              server,
              distribution,
              bin.resolve("tcpserver"),
              "127.0.0.1",
              "0",
              bin.resolve("qmail-popup").toString(),
              "pop.example",
              bin.resolve("checkpassword").toString(),
              bin.resolve("qmail-pop3d").toString(),
              "Maildir")) {
        Client.run("python3", "-c", script(tcpserver.port));
      }
    }
    assertEquals(List.of("1700000001.first:2,"), left("cur"));
    assertEquals(List.of(), left("new"));
    Path seen = maildir.resolve("cur/1700000001.first:2,");
    assertEquals(FIRST, Files.readString(seen, StandardCharsets.ISO_8859_1));
    assertTrue(!ROOT || Files.getAttribute(seen, "unix:uid").equals(UID));
  }

  /** A client that guesses wrong, and the one whose mail it is. */
  private String script(int port) throws IOException {
    Path expected = directory.resolve("expected");
    String wire = FIRST.replace("\n", "\r\n") + "\r\n"; // qmail-pop3d adds an empty line
    Files.writeString(expected, wire, StandardCharsets.ISO_8859_1);
    return """
        import poplib
        def connect():
            c = poplib.POP3('127.0.0.1', %1$d, 60)
            w = c.getwelcome()
            assert w.startswith(b'+OK <') and w.endswith(b'@pop.example>'), w
            return c
        c = connect()
        c.user('joe')
        try:
            c.pass_('wrong')
            assert False
        except poplib.error_proto as e:
            assert e.args[0].startswith(b'-ERR '), e
        c.close()
        c = connect()
        c.user('joe'); c.pass_('joes secret')
        assert c.stat()[0] == 3, c.stat()
        sizes = [int(l.split()[1]) for l in c.list()[1]]
        assert sizes == [%2$d, 19, 18], sizes
        names = [l.split()[1] for l in c.uidl()[1]]
        assert names == [b'1700000001.first', b'1700000002.second', b'1700000003.third'], names
        text = b''.join(l + b'\\r\\n' for l in c.retr(1)[1])
        assert text == open('%3$s', 'rb').read(), text
        c.dele(2); c.dele(3)
        assert c.stat() == (3, %2$d), c.stat() # qmail-pop3d counts all, and the octets of the rest
        assert c.quit().startswith(b'+OK')
        """
        .formatted(port, FIRST.length(), expected);
  }
}
