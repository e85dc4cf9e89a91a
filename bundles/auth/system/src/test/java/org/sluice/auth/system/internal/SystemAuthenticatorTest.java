package org.sluice.auth.system.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Identity;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ProgramHost;
import org.sluice.testkit.Installed;
import org.sluice.testkit.RecordingExecution;

/** Logins by files in the form of passwd(5) and shadow(5). */
class SystemAuthenticatorTest {
  /** Of the password "pencil", made by openssl passwd. */
  private static final String HASH =
      "$6$saltsalt$rD9fW1BwIrjB90WCgCTdIQc3phTBhf04I6Iw/XlgKD9E9aEbzqGZipjiFxGo/4wWXDA6jV6/vZO.kKdDSfUJb0";

  /** Likewise, of the old kind. */
  private static final String DES = "abJ32bJMdTsnY";

  @TempDir Path directory;
  private final List<RecordingExecution> runs = new ArrayList<>();
  private int status;

  @BeforeEach
  void make() throws IOException {
    Files.writeString(
        directory.resolve("passwd"),
        """
        root:x:0:0:root:/root:/bin/bash
        joe:x:1001:1002:Joe,,,:/home/joe:/bin/sh
        ann:x:1003:1003::/home/ann:
        new:x:1004:1004::/home/new:/bin/sh
        bad:x:?:1:::
        old:%1$s:1005:1005::/home/old:
        des:%2$s:1006:1006::/home/des:
        off:!%1$s:1007:1007::/home/off:
        star:*:1008:1008::/home/star:
        none::1009:1009::/home/none:
        both:%1$s:1010:1010::/home/both:
        foreign:$y$j9T$abc$def:1011:1011::/home/foreign:
        clear:{PLAIN}pencil:1012:1012::/home/clear:
        """
            .formatted(HASH, DES));
    Path shadow =
        Files.writeString(
            directory.resolve("shadow"),
            "root:*:19000:0:99999:7:::\njoe:%1$s:19000:0:99999:7:::\nann:!%1$s:1::::::\n"
                    .formatted(HASH)
                + "both:!:1::::::\n"
                + "new:$y$j9T$abc$def:1::::::\nbad:%1$s:\nghost:%1$s:\n".formatted(HASH));
    Files.setPosixFilePermissions(shadow, PosixFilePermissions.fromString("rw-r-----"));
  }

  private final class Host implements ProgramHost {
    @Override
    public Set<String> names() {
      return Set.of();
    }

    @Override
    public Execution execution(List<String> argv) {
      runs.add(new RecordingExecution(argv, run -> status));
      return runs.get(runs.size() - 1);
    }
  }

  private Optional<Identity> login(String name, String password) throws Exception {
    return new SystemAuthenticator(
            directory.resolve("passwd"), directory.resolve("shadow"), new Host())
        .authenticate(new Credentials.Password(name, password));
  }

  @Test
  void anAccountOfTheSystem() throws Exception {
    var identity = login("joe", "pencil").orElseThrow();
    assertEquals(
        new Identity("joe", 1001, 1002, Path.of("/home/joe"), Map.of("SHELL", "/bin/sh")),
        identity);
    assertTrue(runs.isEmpty());
  }

  @Test
  void whoIsNotLetIn() throws Exception {
    assertTrue(login("joe", "Pencil").isEmpty());
    assertTrue(login("joe", "").isEmpty());
    assertTrue(login("root", "*").isEmpty());
    assertTrue(login("ann", "pencil").isEmpty());
    assertTrue(login("bad", "pencil").isEmpty());
    assertTrue(login("ghost", "pencil").isEmpty());
    assertTrue(login("nobody", "pencil").isEmpty());
    assertTrue(runs.isEmpty());
  }

  @Test
  void aHashInPasswdItself() throws Exception {
    assertEquals(Path.of("/home/old"), login("old", "pencil").orElseThrow().home());
    assertTrue(login("old", "Pencil").isEmpty());
    assertEquals(1006, login("des", "pencil").orElseThrow().uid());
    assertTrue(login("des", "").isEmpty());
    for (String name : List.of("off", "star", "none", "clear")) {
      for (String password : List.of("pencil", "", "*", "{PLAIN}pencil")) {
        assertTrue(login(name, password).isEmpty(), name);
      }
    }
    assertTrue(login("both", "pencil").isEmpty(), "shadow comes first");
    assertTrue(login("ann", "x").isEmpty());
    Files.delete(directory.resolve("shadow"));
    assertTrue(login("old", "pencil").isPresent());
    assertTrue(login("both", "pencil").isPresent());
    assertTrue(login("joe", "x").isEmpty());
    assertTrue(runs.isEmpty());
    Installed.program("unix_chkpwd");
    assertTrue(login("foreign", "secret").isPresent());
    assertEquals("foreign", runs.get(0).argv.get(1));
  }

  @Test
  void aHashThatJavaDoesNotKnow() throws Exception {
    Installed.program("unix_chkpwd");
    assertTrue(login("new", "secret").isPresent());
    var run = runs.get(0);
    assertEquals(List.of("new", "nonull"), run.argv.subList(1, 3));
    assertTrue(run.argv.get(0).endsWith("/unix_chkpwd"));
    assertEquals("secret\0", run.read(0));
    assertTrue(run.deadline.isPresent());
    status = 7;
    assertTrue(login("new", "secret").isEmpty());
    for (int trouble : new int[] {4, 9, 139}) {
      status = trouble;
      assertThrows(IOException.class, () -> login("new", "secret"));
    }
  }

  @Test
  void withoutAHostThatIsTemporary() {
    var authenticator =
        new SystemAuthenticator(directory.resolve("passwd"), directory.resolve("shadow"));
    assertThrows(
        IOException.class,
        () -> authenticator.authenticate(new Credentials.Password("new", "secret")));
  }

  @Test
  void digestsCannotBeChecked() throws Exception {
    var authenticator =
        new SystemAuthenticator(directory.resolve("passwd"), directory.resolve("shadow"));
    assertTrue(
        authenticator
            .authenticate(new Credentials.Response("joe", "APOP", "<1@h>", "x"))
            .isEmpty());
    assertEquals(Set.of("PLAIN", "LOGIN"), authenticator.mechanisms());
  }
}
