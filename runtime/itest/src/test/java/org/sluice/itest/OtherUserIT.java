package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that root has started delivers to accounts with their rights, not its own. */
class OtherUserIT {
  private static final int UID = 54321;
  private static final int GID = 54322;

  @TempDir Path directory;

  @Test
  void filesProgramsAndForwards() throws Exception {
    Assumptions.assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "only root can do it");
    Files.setAttribute(directory, "unix:mode", 0755);
    Path home = own(Files.createDirectory(directory.resolve("joe")));
    for (String part : List.of("Maildir", "Maildir/tmp", "Maildir/new", "Maildir/cur")) {
      own(Files.createDirectory(home.resolve(part)));
    }
    Files.writeString(home.resolve(".qmail"), "./Maildir/\n|id -u >uid\n&joe-box@localhost\n");
    Files.writeString(home.resolve(".qmail-box"), "./Box\n");
    var server = new Server("other-user", Map.of());
    Files.createDirectories(server.home.resolve("users"));
    Files.writeString(
        server.home.resolve("users/assign"),
        "=joe:joe:%1$d:%2$d:%3$s:::\n+joe-:joe:%1$d:%2$d:%3$s:-::\n.\n".formatted(UID, GID, home));
    try (server) {
      server.start();
      try (var client = new SmtpClient(server.port())) {
        client.command("HELO client.example");
        String reply = client.send("a@b.example", "joe@localhost", "Subject: x\n\nbody\n");
        assertTrue(reply.startsWith("250"), reply);
      }
      Path box = home.resolve("Box");
      Poll.until("delivered", 60_000, () -> Files.exists(box) && Files.size(box) > 0);
      String text = Files.readString(box);
      assertTrue(text.contains("Delivered-To: joe-box@localhost\n"), text);
      assertTrue(text.contains("(qmail") && text.contains("invoked by uid " + UID), text);
      assertEquals(UID, Files.getAttribute(box, "unix:uid"));
      assertEquals(UID + "\n", Files.readString(home.resolve("uid")));
      try (var files = Files.list(home.resolve("Maildir/new"))) {
        for (Path file : files.toList()) {
          assertEquals(UID, Files.getAttribute(file, "unix:uid"));
          assertEquals(GID, Files.getAttribute(file, "unix:gid"));
        }
      }
    }
  }

  private static Path own(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", UID);
    Files.setAttribute(path, "unix:gid", GID);
    return path;
  }
}
