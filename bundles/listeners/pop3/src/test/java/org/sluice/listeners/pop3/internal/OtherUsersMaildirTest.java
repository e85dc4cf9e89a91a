package org.sluice.listeners.pop3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of root's and an account of somebody who tries to use its rights. */
class OtherUsersMaildirTest {
  private static final int UID = 12345;
  private static final String NO_MAILDIR = "-ERR this user has no $HOME/Maildir\r\n";
  @TempDir Path home;
  private Accounts accounts;

  @BeforeEach
  void make() throws IOException {
    assumeTrue(MailboxLogin.ownUid() == 0, "only root can give files away");
    accounts = new Accounts(home);
    accounts.uid = UID;
    give("");
    for (String directory : new String[] {"tmp", "new", "cur"}) {
      give(directory);
    }
  }

  private void give(String name) throws IOException {
    Files.setAttribute(accounts.maildir().resolve(name), "unix:uid", UID);
  }

  private String login(String text) throws Exception {
    String heard = accounts.say(Accounts.LOGIN + text);
    return heard.substring(heard.indexOf("\n+OK \r\n") + 7);
  }

  @Test
  void hisOwnMail() throws Exception {
    accounts.message("new/1.a", "his\n");
    give("new/1.a");
    accounts.message("cur/2.b", "also his\n");
    give("cur/2.b");
    assertEquals(
        "+OK \r\n+OK 2 13\r\n+OK \r\nhis\r\n\r\n.\r\n+OK \r\n+OK \r\n",
        login("STAT\r\nRETR 1\r\nDELE 2\r\nQUIT\r\n"));
    assertTrue(Files.exists(accounts.maildir().resolve("cur/1.a:2,")));
    assertFalse(Files.exists(accounts.maildir().resolve("cur/2.b")));
    assertEquals(UID, Files.getAttribute(accounts.maildir().resolve("cur/1.a:2,"), "unix:uid"));
  }

  @Test
  void aLinkToAnothersFile() throws Exception {
    Path secret = Files.writeString(home.resolve("secret"), "root's\n");
    Files.createSymbolicLink(accounts.maildir().resolve("cur/1.a"), secret);
    Files.createLink(accounts.maildir().resolve("cur/2.b"), secret);
    assertEquals("+OK \r\n+OK 0 0\r\n+OK \r\n", login("STAT\r\nQUIT\r\n"));
  }

  @Test
  void aFileThatBecomesALink() throws Exception {
    Path secret = Files.writeString(home.resolve("secret"), "root's\n");
    var messages = new MessageList();
    Path file = accounts.message("cur/1.a", "his\n");
    give("cur/1.a");
    var owner = Files.getOwner(file);
    try (var folder =
            Maildir.enter(
                home.resolve("joe"),
                java.util.Optional.of("Maildir"),
                java.util.Optional.of(owner));
        var maildir = Maildir.scan(folder, java.time.Instant.now(), messages)) {
      assertEquals(1, messages.count());
      Files.delete(file);
      Files.createSymbolicLink(file, secret);
      assertTrue(maildir.read(messages, 1).isEmpty());
    }
  }

  @Test
  void aDirectoryThatIsALinkOrAnothers() throws Exception {
    Path foreign = Files.createDirectories(home.resolve("foreign"));
    Files.delete(accounts.maildir().resolve("cur"));
    Files.createSymbolicLink(accounts.maildir().resolve("cur"), foreign);
    assertEquals("-ERR unable to scan $HOME/Maildir\r\n", login("STAT\r\n"));
    Files.delete(accounts.maildir().resolve("cur"));
    Files.createDirectory(accounts.maildir().resolve("cur"));
    assertEquals("-ERR unable to scan $HOME/Maildir\r\n", login("STAT\r\n"));
    Files.move(accounts.maildir(), home.resolve("elsewhere"));
    Files.createSymbolicLink(accounts.maildir(), home.resolve("elsewhere"));
    assertEquals(NO_MAILDIR, login("STAT\r\n"));
  }

  @Test
  void staleFilesOfOthersStayInTmp() throws Exception {
    var old = java.nio.file.attribute.FileTime.fromMillis(1_700_000_000_000L);
    for (String name : new String[] {"tmp/his", "tmp/other"}) {
      Path file = accounts.message(name, "x\n");
      Files.getFileAttributeView(file, java.nio.file.attribute.BasicFileAttributeView.class)
          .setTimes(old, old, null);
    }
    give("tmp/his");
    login("QUIT\r\n");
    assertFalse(Files.exists(accounts.maildir().resolve("tmp/his")));
    assertTrue(Files.exists(accounts.maildir().resolve("tmp/other")));
  }
}
