package org.sluice.users.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts that are not in the passwd file, with a script in the place of getent(1). */
class SystemAccountsTest {
  @TempDir Path directory;
  private final AtomicLong clock = new AtomicLong();

  private Getent getent() throws IOException {
    Path script = directory.resolve("getent");
    Files.writeString(
        script,
        """
        echo "$1" >>%s/asked
        case $1 in
          ldap) echo 'ldap:*:5001:5002:L:/home/ldap:/bin/sh' ;;
          alias2) echo 'other:*:5001:5002:L:/home/ldap:/bin/sh' ;;
          broken) exit 3 ;;
          slow) exec sleep 1000 ;;
          *) exit 2 ;;
        esac
        """
            .formatted(directory));
    return new Getent(List.of("/bin/sh", script.toString()), Duration.ofSeconds(2), clock::get);
  }

  private SystemAccounts accounts(String nsswitch) throws IOException {
    Path passwd = directory.resolve("passwd");
    Files.writeString(passwd, "joe:x:1:2::/home/joe:/bin/sh\n:x:1:2::/:\nbad:x:z:1::/:\nshort:x\n");
    Path conf = directory.resolve("nsswitch.conf");
    Files.writeString(conf, nsswitch);
    return new SystemAccounts(
        new PasswdFile(passwd), new Versioned<>(conf, SystemAccounts::hasOthers), getent());
  }

  private List<String> asked() throws IOException {
    Path file = directory.resolve("asked");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  @Test
  void otherSourcesAreAskedForWhatTheFileLacks() throws Exception {
    var accounts = accounts("group: files\npasswd:\tfiles sss [NOTFOUND=return]\n");
    assertEquals("/home/joe", accounts.find("joe").orElseThrow().home());
    assertEquals(5001, accounts.find("ldap").orElseThrow().uid());
    assertEquals(Optional.empty(), accounts.find("nobody"));
    assertEquals(Optional.empty(), accounts.find("alias2"), "an answer for another name");
    assertEquals(List.of("ldap", "nobody", "alias2"), asked());
  }

  @Test
  void filesAloneNeedNoProcess() throws Exception {
    var accounts = accounts("passwd: files systemd [NOTFOUND=return] # sss\n");
    assertEquals(Optional.empty(), accounts.find("ldap"));
    assertEquals(Optional.empty(), accounts.find("bad"));
    assertEquals(List.of(), asked());
    Files.delete(directory.resolve("nsswitch.conf"));
    assertEquals(Optional.empty(), accounts.find("ldap"));
  }

  @Test
  void answersAreKeptForAMinute() throws Exception {
    var getent = getent();
    for (int i = 0; i < 3; i++) {
      assertTrue(getent.find("ldap").isPresent());
      assertFalse(getent.find("none").isPresent());
    }
    assertEquals(List.of("ldap", "none"), asked());
    clock.addAndGet(TimeUnit.SECONDS.toNanos(61));
    assertTrue(getent.find("ldap").isPresent());
    assertEquals(List.of("ldap", "none", "ldap"), asked());
  }

  @Test
  void failuresAreNotAnswers() throws Exception {
    var getent = getent();
    assertThrows(IOException.class, () -> getent.find("broken"));
    assertThrows(IOException.class, () -> getent.find("slow"));
    assertThrows(IOException.class, () -> getent.find("broken"));
    assertEquals(List.of("broken", "slow", "broken"), asked());
  }

  @Test
  void onlyNamesAreAskedFor() throws Exception {
    for (String no : List.of("", "-s", "0", "1000", "a b", "caf\u00e9", "x".repeat(32))) {
      assertEquals(Optional.empty(), getent().find(no));
    }
    assertEquals(List.of(), asked());
  }

  @Test
  void thisSystemKnowsDaemon() throws Exception {
    assertEquals(1, SystemAccounts.ofSystem().find("daemon").orElseThrow().uid());
  }
}
