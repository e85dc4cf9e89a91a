package org.sluice.delivery.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.delivery.Transport.Mailbox;
import org.sluice.api.delivery.UserDirectory;
import org.sluice.api.delivery.UserLookupException;

/** Whether there is a mailbox, told without a message. */
class LookupTest {
  private static final int OWN = 1001;

  @TempDir Path home;
  private final Lookup lookup = new Lookup(OWN, false, true);

  @BeforeEach
  void accessible() throws IOException {
    Files.setAttribute(home, "unix:mode", 0755);
  }

  private void users(UserDirectory directory) {
    lookup.add(directory, Map.of());
  }

  /** Whole addresses are joe's, those with a dash his extensions. */
  private UserDirectory joe(int uid) {
    return local -> {
      int dash = local.indexOf('-');
      return Optional.of(
          dash < 0
              ? new LocalUser("joe", uid, 7, home, "", "")
              : new LocalUser("joe", uid, 7, home, "-", local.substring(dash + 1)));
    };
  }

  private Mailbox mailbox(String recipient) throws Exception {
    return lookup.mailbox(recipient);
  }

  @Test
  void anAccountItselfAndItsExtensions() throws Exception {
    users(joe(OWN));
    assertEquals(Mailbox.THERE, mailbox("joe@h"));
    assertEquals(Mailbox.MISSING, mailbox("joe-list@h"));
    Files.writeString(home.resolve(".qmail-list"), "");
    Files.writeString(home.resolve(".qmail-a:b-default"), "");
    assertEquals(Mailbox.THERE, mailbox("joe-LIST@h"));
    assertEquals(Mailbox.THERE, mailbox("joe-a.b-x@h"));
    assertEquals(Mailbox.MISSING, mailbox("joe-a@h"));
    Files.writeString(home.resolve(".qmail-default"), "");
    assertEquals(Mailbox.THERE, mailbox("joe-whatever@h"));
  }

  /** qmail delivers what has no local part to nobody, and does not bounce it. */
  @Test
  void noLocalPart() throws Exception {
    assertEquals(Mailbox.THERE, mailbox("@h"));
    assertEquals(Mailbox.UNKNOWN, mailbox("joe"));
  }

  @Test
  void whatTheDirectorySays() throws Exception {
    assertEquals(Mailbox.UNKNOWN, mailbox("joe@h"), "no directory");
    UserDirectory nobody = local -> Optional.empty();
    users(nobody);
    assertEquals(Mailbox.MISSING, mailbox("joe@h"));
    lookup.remove(nobody);
    UserDirectory troubled =
        local -> {
          throw new UserLookupException(UserLookupException.NO_ALIAS, "no alias", null);
        };
    users(troubled);
    assertEquals(Mailbox.UNKNOWN, mailbox("joe@h"));
    lookup.remove(troubled);
    users(
        local -> {
          throw new IOException("later");
        });
    assertEquals(Mailbox.UNKNOWN, mailbox("joe@h"));
  }

  @Test
  void mailThatWouldWaitIsNotRefused() throws Exception {
    users(joe(OWN));
    for (int mode : new int[] {0757, 01755}) {
      Files.setAttribute(home, "unix:mode", mode);
      assertEquals(Mailbox.UNKNOWN, mailbox("joe-list@h"), Integer.toOctalString(mode));
    }
  }

  @Test
  void accountsThatNothingIsDeliveredTo() throws Exception {
    users(joe(0));
    assertEquals(Mailbox.UNKNOWN, mailbox("joe-list@h"), "root");
    var alone = new Lookup(OWN, false, false);
    alone.add(joe(OWN + 1), Map.of());
    assertEquals(Mailbox.UNKNOWN, alone.mailbox("joe-list@h"), "another's");
    var missing = new Lookup(OWN, false, false);
    Path gone = home.resolve("gone");
    missing.add(l -> Optional.of(new LocalUser("j", OWN, 7, gone, "-", "x")), Map.of());
    assertEquals(Mailbox.UNKNOWN, missing.mailbox("joe-x@h"), "without a home");
  }

  /** Neither blocks in a pipe, nor counts what is no file. */
  @Test
  @Timeout(60)
  void onlyRegularFilesCountAndNoneIsOpened() throws Exception {
    users(joe(OWN));
    Files.createDirectory(home.resolve(".qmail-dir"));
    var pipe = home.resolve(".qmail-pipe").toString();
    assertEquals(0, new ProcessBuilder("mkfifo", pipe).start().waitFor());
    assertEquals(Mailbox.MISSING, mailbox("joe-dir@h"));
    assertEquals(Mailbox.MISSING, mailbox("joe-pipe@h"));
    assertEquals(Mailbox.MISSING, mailbox("joe-" + "x".repeat(300) + "@h"));
  }

  /** A link in another's home would tell whoever set it what there is for the server to see. */
  @Test
  void linksInHomesOfOthersAreNotFollowed() throws Exception {
    Files.writeString(home.resolve("real"), "");
    Files.createSymbolicLink(home.resolve(".qmail-there"), Path.of("real"));
    Files.createSymbolicLink(home.resolve(".qmail-gone"), Path.of("nothing"));
    Files.writeString(home.resolve(".qmail-file"), "");
    UserDirectory other = joe(OWN + 1);
    users(other);
    assertEquals(Mailbox.UNKNOWN, mailbox("joe-there@h"));
    assertEquals(Mailbox.UNKNOWN, mailbox("joe-gone@h"));
    assertEquals(Mailbox.UNKNOWN, mailbox("joe-there/../../x@h"));
    assertEquals(Mailbox.THERE, mailbox("joe-file@h"));
    assertEquals(Mailbox.MISSING, mailbox("joe-none@h"));
    lookup.remove(other);
    users(joe(OWN));
    assertEquals(Mailbox.THERE, mailbox("joe-there@h"));
    assertEquals(Mailbox.MISSING, mailbox("joe-gone@h"));
  }
}
