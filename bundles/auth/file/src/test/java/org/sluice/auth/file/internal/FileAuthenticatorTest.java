package org.sluice.auth.file.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.auth.Authenticator;
import org.sluice.api.auth.Credentials;
import org.sluice.api.delivery.LocalUser;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.Logged;
import org.sluice.testkit.TestContext;

/** Logins by a password file. */
class FileAuthenticatorTest {
  @TempDir Path home;
  private Authenticator authenticator;

  @BeforeEach
  void make() {
    authenticator = new FileAuthenticator(new FakeControl(home, Map.of()), this::find);
  }

  private Optional<LocalUser> find(String local) {
    boolean known = Set.of("joe", "ann").contains(local);
    return Optional.of(
        known
            ? new LocalUser("user-" + local, 1001, 1002, home.resolve(local), "", "")
            : new LocalUser("alias", 1, 2, home.resolve("alias"), "-", local));
  }

  private void write(String text, String mode) throws IOException {
    Path file = home.resolve("users/passwords");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private boolean accepts(String name, String password) throws Exception {
    return authenticator.authenticate(new Credentials.Password(name, password)).isPresent();
  }

  @Test
  void theUserDirectorySaysWhoItIs() throws Exception {
    write("joe:{PLAIN}secret\n", "rw-------");
    var identity =
        authenticator.authenticate(new Credentials.Password("joe", "secret")).orElseThrow();
    assertEquals("user-joe", identity.user());
    assertEquals(1001, identity.uid());
    assertEquals(1002, identity.gid());
    assertEquals(home.resolve("joe"), identity.home());
  }

  @Test
  void wrongOnesAreRefused() throws Exception {
    write("joe:{PLAIN}secret\nann:!\n", "rw-------");
    assertTrue(accepts("joe", "secret"));
    for (String wrong : List.of("", "Secret", "secret ", "{PLAIN}secret")) {
      assertEquals(false, accepts("joe", wrong), wrong);
    }
    assertEquals(false, accepts("ann", "!"));
    assertEquals(false, accepts("nobody", "secret"));
    assertEquals(false, accepts("", "secret"));
    assertEquals(false, accepts("JOE", "secret"));
  }

  @Test
  void aMalformedHashIsAFailedLoginAndIsSaidOnceAReading() throws Exception {
    String text = "bad1:$6$@@salt$abc\njoe:{PLAIN}secret\nnew:$z$j9T$abc$def\nann:!\n";
    write(text, "rw-------");
    var lines =
        Logged.during(
            () -> {
              for (String name : List.of("bad1", "nobody", "new", "ann", "bad1")) {
                assertEquals(false, accepts(name, "secret"), name);
              }
              assertTrue(accepts("joe", "secret"));
            });
    assertEquals(2, lines.size(), lines.toString());
    assertTrue(
        lines.get(0).endsWith("users/passwords: the field of bad1 is malformed; its logins fail"),
        lines.get(0));
    assertTrue(
        lines
            .get(1)
            .endsWith("field of new is of a kind that is not known here: $z$; its logins fail"),
        lines.get(1));
    assertEquals(List.of(), Logged.during(() -> accepts("bad1", "secret")));
    write(text + "# changed\n", "rw-------");
    assertEquals(2, Logged.during(() -> accepts("bad1", "secret")).size());
  }

  @Test
  void whereNoHashIsSoundNobodyGetsIn() throws Exception {
    write("bad1:$6$@@salt$abc\n", "rw-------");
    assertEquals(false, accepts("bad1", "secret"));
    assertEquals(false, accepts("nobody", "secret"));
    assertEquals(Set.of(), authenticator.mechanisms());
  }

  @Test
  void aNameWithoutAnAccountIsTemporary() throws Exception {
    write("ghost:{PLAIN}secret\n", "rw-------");
    var e = assertThrows(IOException.class, () -> accepts("ghost", "secret"));
    assertEquals("users/passwords has ghost, who has no account", e.getMessage());
    assertEquals(false, accepts("ghost", "wrong"));
  }

  @Test
  void offersWhatTheFileAllows() throws Exception {
    assertEquals(Set.of(), authenticator.mechanisms());
    write("joe:$6$saltsalt$x\n", "rw-------");
    assertEquals(Set.of("PLAIN", "LOGIN"), authenticator.mechanisms());
    write("joe:$6$saltsalt$x\nann:{PLAIN}x\n", "rw-------");
    assertEquals(Set.of("APOP", "LOGIN", "PLAIN"), authenticator.mechanisms());
    write("joe:!\nann:{PLAIN}x\n", "rw-------");
    assertEquals(Set.of("APOP", "CRAM-MD5", "LOGIN", "PLAIN"), authenticator.mechanisms());
  }

  @Test
  void aFileThatOthersCanReadLetsNobodyIn() throws Exception {
    write("joe:{PLAIN}secret\n", "rw-r--r--");
    assertThrows(IOException.class, () -> accepts("joe", "secret"));
    assertEquals(Set.of("LOGIN", "PLAIN"), authenticator.mechanisms());
  }

  @Test
  void whatSluiceHashMakesIsAccepted() throws Exception {
    var context = new TestContext(List.of()).stdin("s\u00c3\u00a9cret\n");
    assertEquals(0, new HashProgram().run(context));
    write("joe:" + context.stdout(), "rw-------");
    assertTrue(accepts("joe", "s\u00c3\u00a9cret"));
    assertEquals(false, accepts("joe", "secret"));
    assertEquals(Set.of("LOGIN", "PLAIN", "SCRAM-SHA-256"), authenticator.mechanisms());
    assertTrue(authenticator.scram("joe", "SHA-256").isPresent());
    assertTrue(authenticator.scram("joe", "SHA-1").isEmpty());
    assertTrue(authenticator.scram("ann", "SHA-256").isEmpty());
    assertEquals("user-joe", authenticator.identity("joe").orElseThrow().user());
  }

  @Test
  void sluiceHashWantsOneLine() throws Exception {
    for (String bad : List.of("", "\n", "a\nb\n", "a\r\n", "x".repeat(600), "\0\n")) {
      var context = new TestContext(List.of()).stdin(bad);
      assertEquals(100, new HashProgram().run(context));
      assertEquals("", context.stdout());
    }
  }

  @Test
  void withoutAUserDirectoryItCannotTell() throws Exception {
    write("joe:{PLAIN}secret\n", "rw-------");
    authenticator = new FileAuthenticator(new FakeControl(home, Map.of()));
    assertThrows(IOException.class, () -> accepts("joe", "secret"));
  }

  @Test
  void whatIsOfferedIsFoundOutOnceAReading() throws Exception {
    write("joe:{PLAIN}secret\n", "rw-------");
    Set<String> offered = authenticator.mechanisms();
    assertSame(offered, authenticator.mechanisms()); // each client asks, at each EHLO
    write("joe:{PLAIN}secret\nann:$6$salt$" + "x".repeat(86) + "\n", "rw-------");
    assertEquals(Set.of("APOP", "LOGIN", "PLAIN"), authenticator.mechanisms());
  }
}
