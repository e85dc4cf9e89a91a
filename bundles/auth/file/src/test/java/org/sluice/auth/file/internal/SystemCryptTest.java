package org.sluice.auth.file.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.auth.Credentials;
import org.sluice.api.delivery.LocalUser;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ProgramHost;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.Installed;
import org.sluice.testkit.Logged;
import org.sluice.testkit.RecordingExecution;
import org.sluice.testkit.SystemPrograms;
import org.sluice.testkit.TestContext;

/** Hashes that are left to the system's library. */
class SystemCryptTest {
  /** Of the password "secret", made by libcrypt. */
  private static final String YESCRYPT =
      "$y$j9T$abcdefghijklmnop$3dL1LkYnZM.OVXuVdnnaKVDlLYT92dRwOzDZ5XiVCe.";

  @TempDir Path home;
  private final List<RecordingExecution> runs = new ArrayList<>();
  private int status;

  private record Host(Function<List<String>, Execution> programs) implements ProgramHost {
    @Override
    public Set<String> names() {
      return Set.of();
    }

    @Override
    public Execution execution(List<String> argv) {
      return programs.apply(argv);
    }
  }

  private final Host recording =
      new Host(
          argv -> {
            runs.add(new RecordingExecution(argv, run -> status));
            return runs.get(runs.size() - 1);
          });

  @BeforeEach
  void make() throws IOException {
    Installed.program("perl");
    Files.createDirectory(home.resolve("users"));
    write("joe:" + YESCRYPT + ":19000:0:99999:7:::\n");
  }

  private void write(String text) throws IOException {
    Path file = Files.writeString(home.resolve("users/passwords"), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private FileAuthenticator authenticator(ProgramHost host) {
    return new FileAuthenticator(
        new FakeControl(home, Map.of()),
        name -> Optional.of(new LocalUser(name, 1, 1, home, "", "")),
        host);
  }

  private static boolean accepts(FileAuthenticator by, String name, String password)
      throws Exception {
    return by.authenticate(new Credentials.Password(name, password)).isPresent();
  }

  @Test
  void byTheSystemsLibrary() throws Exception {
    var by = authenticator(new Host(new SystemPrograms(new TestContext(List.of()))));
    var logged =
        Logged.during(
            () -> {
              assertTrue(accepts(by, "joe", "secret"));
              for (String wrong : List.of("", "Secret", "secret\0x", "secret ", "s\u00e9cret")) {
                assertFalse(accepts(by, "joe", wrong), wrong);
              }
              assertFalse(accepts(by, "nobody", "secret"));
              assertEquals(Set.of("PLAIN", "LOGIN"), by.mechanisms());
            });
    assertEquals(List.of(), logged);
    write("joe:$y$nonsense\n");
    assertThrows(IOException.class, () -> accepts(by, "joe", "secret"));
  }

  @Test
  void thePasswordIsNotInTheArguments() throws Exception {
    var by = authenticator(recording);
    assertTrue(accepts(by, "joe", "secret"));
    assertEquals(YESCRYPT + "\0secret", runs.get(0).read(0));
    assertFalse(runs.get(0).argv.toString().contains("secret"));
    assertTrue(runs.get(0).deadline.isPresent());
    status = 1;
    assertFalse(accepts(by, "joe", "secret"));
    status = 2;
    assertThrows(IOException.class, () -> accepts(by, "joe", "secret"));
  }

  @Test
  void aNameThatIsNotThereTakesAProcessToo() throws Exception {
    assertFalse(accepts(authenticator(recording), "nobody", "secret"));
    assertEquals(1, runs.size());
  }

  @Test
  void whatItIsNotAskedFor() throws Exception {
    var by = authenticator(recording);
    var digest = new Credentials.Response("joe", "APOP", "<1@h>", "x");
    assertTrue(by.authenticate(digest).isEmpty());
    assertFalse(accepts(by, "joe", "secret\0x"));
    write("joe:$6$@@salt$abc\nann:!" + YESCRYPT + "\n");
    assertFalse(accepts(by, "joe", "secret"));
    assertFalse(accepts(by, "ann", "secret"));
    assertEquals(List.of(), runs);
  }

  @Test
  void withoutAHostThatIsTemporary() {
    assertThrows(IOException.class, () -> accepts(authenticator(null), "joe", "secret"));
  }
}
