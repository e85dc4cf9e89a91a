package org.sluice.auth.checkpassword.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Identity;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.program.ProgramHost;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.program.ProgramSource;
import org.sluice.base.program.Run;

/** Checkers that are real processes, with a real descriptor 3. */
class CheckerAuthenticatorTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");
  private static final String SCRIPT =
      """
      #!/bin/sh
      umask 077
      cat <&3 >"$0.data"
      exec 3<&-
      { read -r name; read -r secret; read -r challenge; } <<EOF
      $(tr '\\0' '\\n' <"$0.data")
      EOF
      case $name:$secret in
        joe:secret) ;;
        joe:digest) [ "$challenge" = '<1@h>' ] || exit 1 ;;
        slow:*) exec sleep 600 ;;
        broken:*) echo "no database" >&2; exit 111 ;;
        half:*) exec true ;;
        *) exit 1 ;;
      esac
      USER=$name HOME=/home/$name SHELL=/bin/zsh DOMAIN=example.org
      export USER HOME SHELL DOMAIN
      exec "$@"
      """;

  @TempDir Path directory;
  private Path checker;

  @BeforeEach
  void make() throws IOException {
    checker = Files.writeString(directory.resolve("checker"), SCRIPT);
    Files.setAttribute(checker, "unix:mode", 0700);
  }

  /** Programs of the operating system only. */
  private static final class Host implements ProgramHost, ProgramSource {
    @Override
    public Set<String> names() {
      return Set.of();
    }

    @Override
    public Execution execution(List<String> argv) {
      return new Run(this, argv, Map.of(), Path.of("/"), Descriptors.NONE, Optional.empty());
    }

    @Override
    public OptionalInt run(String name, ProgramContext context) {
      return OptionalInt.empty();
    }

    @Override
    public MailQueue queue(ProgramContext context) {
      throw new UnsupportedOperationException();
    }
  }

  private Optional<Identity> check(Credentials credentials) throws Exception {
    return check(credentials, 60);
  }

  private Optional<Identity> check(Credentials credentials, int seconds) throws Exception {
    return new CheckerAuthenticator(
            new Host(),
            List.of(checker.toString()),
            Set.of("PLAIN", "APOP"),
            ENVIRONMENT,
            Duration.ofSeconds(seconds))
        .authenticate(credentials);
  }

  private static Credentials password(String name, String password) {
    return new Credentials.Password(name, password);
  }

  @Test
  void whoItIsSaysTheProgramThatTheCheckerRuns() throws Exception {
    var identity = check(password("joe", "secret")).orElseThrow();
    int uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    int gid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
    assertEquals(
        new Identity(
            "joe",
            uid,
            gid,
            Path.of("/home/joe"),
            Map.of("SHELL", "/bin/zsh", "DOMAIN", "example.org")),
        identity);
    assertEquals("joe\0secret\0\0", Files.readString(directory.resolve("checker.data")));
  }

  @Test
  void whoIsNotLetIn() throws Exception {
    assertTrue(check(password("joe", "wrong")).isEmpty());
    assertTrue(check(password("ann", "secret")).isEmpty());
    assertTrue(check(password("joe", "x".repeat(600))).isEmpty());
    assertTrue(check(password("joe\0secret", "x")).isEmpty());
  }

  @Test
  void answersToChallengesIfItIsSaidToKnowThem() throws Exception {
    assertTrue(check(new Credentials.Response("joe", "APOP", "<1@h>", "digest")).isPresent());
    assertTrue(check(new Credentials.Response("joe", "APOP", "<2@h>", "digest")).isEmpty());
    Files.delete(directory.resolve("checker.data"));
    assertTrue(check(new Credentials.Response("joe", "CRAM-MD5", "<1@h>", "digest")).isEmpty());
    assertTrue(Files.notExists(directory.resolve("checker.data")), "it was not to be asked");
  }

  @Test
  void troubleIsTemporary() throws Exception {
    var e = assertThrows(IOException.class, () -> check(password("broken", "x")));
    assertEquals(checker + " ended with 111", e.getMessage());
    assertThrows(IOException.class, () -> check(password("half", "x")));
    assertThrows(IOException.class, () -> check(password("slow", "x"), 1));
    Files.delete(checker);
    assertThrows(IOException.class, () -> check(password("joe", "secret")));
  }

  @Test
  void aReportThatIsNone() {
    for (String report : List.of("", "0\0" + "0\0", "x\0y\0USER=joe\0HOME=/home/joe\0")) {
      byte[] bytes = report.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
      assertThrows(IOException.class, () -> Report.parse(bytes, Map.of()), report);
    }
  }
}
