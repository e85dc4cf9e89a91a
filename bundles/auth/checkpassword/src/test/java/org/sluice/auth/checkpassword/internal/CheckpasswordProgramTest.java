package org.sluice.auth.checkpassword.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.auth.Authenticator;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Identity;
import org.sluice.base.program.SystemUser;
import org.sluice.sasl.StoredSecret;
import org.sluice.sasl.internal.LoginService;
import org.sluice.testkit.RecordingExecution;
import org.sluice.testkit.TestContext;

/** The program, after spec 20 section 11.4. */
class CheckpasswordProgramTest {
  @TempDir Path home;
  private final LoginService logins = new LoginService();
  private final List<RecordingExecution> runs = new ArrayList<>();
  private RecordingExecution.Body program = run -> 7;
  private final Set<SystemUser> reachable = new HashSet<>(Set.of(new SystemUser(1001, 1002)));

  /** Knows joe and a secret of a kind. */
  private record Joe(StoredSecret secret, Path home) implements Authenticator {
    @Override
    public Set<String> mechanisms() {
      return secret.mechanisms();
    }

    @Override
    public Optional<Identity> authenticate(Credentials credentials) {
      return credentials.name().equals("joe") && secret.proves(credentials)
          ? Optional.of(new Identity("joe", 1001, 1002, home, Map.of("SHELL", "/bin/sh")))
          : Optional.empty();
    }
  }

  @BeforeEach
  void make() {
    logins.add(new Joe(StoredSecret.parse("{PLAIN}secret"), home), Map.of());
  }

  private int run(String data, String... arguments) throws Exception {
    var context = new TestContext(List.of(arguments)).with(Map.of("KEPT", "1", "USER", "root"));
    context.input(3, data);
    context.programs(
        argv -> {
          runs.add(new RecordingExecution(argv, program));
          return runs.get(0);
        });
    return program().run(context);
  }

  private CheckpasswordProgram program() {
    return new CheckpasswordProgram(logins, home.resolveSibling("no passwd"), reachable::contains);
  }

  @Test
  void aGoodPasswordRunsTheProgramAsTheAccount() throws Exception {
    assertEquals(7, run("joe\0secret\0<1.2@h>\0", "qmail-pop3d", "Maildir"));
    var run = runs.get(0);
    assertEquals("/bin/sh", run.argv.get(0));
    int words = run.argv.size();
    assertEquals(List.of("qmail-pop3d", "Maildir"), run.argv.subList(words - 2, words));
    assertEquals(Optional.of("1001:1002"), run.user);
    assertTrue(run.descriptors.orElseThrow().input(3).isEmpty());
    assertTrue(run.descriptors.orElseThrow().input(0).isPresent());
    assertEquals(
        Map.of("KEPT", "1", "USER", "joe", "HOME", home.toString(), "SHELL", "/bin/sh"),
        run.environment.orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "joe\0wrong\0<1.2@h>\0",
        "ann\0secret\0<1.2@h>\0",
        "joe\0\0<1.2@h>\0",
        "joe\0c4c9334bac560ecc979e58001b3e22fb\0<1.2@h>\0"
      })
  void whoIsNotLetIn(String data) throws Exception {
    assertEquals(1, run(data, "program"));
    assertTrue(runs.isEmpty());
  }

  @Test
  void anAccountThatTheServerCannotBecome() throws Exception {
    reachable.clear();
    assertEquals(1, run("joe\0secret\0<1.2@h>\0", "program"));
    assertTrue(runs.isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "joe", "joe\0", "joe\0secret"})
  void dataWithoutATerminatedSecret(String data) throws Exception {
    assertEquals(2, run(data, "program"));
    assertTrue(runs.isEmpty());
  }

  @Test
  void aMissingTimestampIsNoError() throws Exception {
    assertEquals(7, run("joe\0secret\0", "program"));
  }

  @Test
  void withoutAProgram() throws Exception {
    assertEquals(2, run("joe\0secret\0\0"));
  }

  @Test
  void upTo512Octets() throws Exception {
    String data = "joe\0secret\0";
    assertEquals(7, run(data + "x".repeat(511 - data.length()) + "\0", "program"));
    assertEquals(1, run(data + "x".repeat(512 - data.length()) + "\0", "program"));
  }

  @Test
  void anAnswerToTheChallenge() throws Exception {
    // RFC 1939 section 7
    logins.add(new Joe(StoredSecret.parse("{PLAIN}tanstaaf"), home), Map.of());
    String data = "joe\0c4c9334bac560ecc979e58001b3e22fb\0<1896.697170952@dbc.mtview.ca.us>\0";
    assertEquals(7, run(data, "program"));
  }

  @Test
  void troubleIsTemporary() throws Exception {
    program =
        run -> {
          throw new IOException("no such program");
        };
    assertEquals(111, run("joe\0secret\0\0", "program"));
    var closed = new TestContext(List.of("program"));
    assertEquals(111, program().run(closed));
    assertEquals(2, program().run(new TestContext(List.of())));
    var alone = new TestContext(List.of("program"));
    alone.input(3, "joe\0secret\0\0");
    assertEquals(111, new CheckpasswordProgram().run(alone));
    assertFalse(alone.stderr().contains("secret"));
  }

  @Test
  void nothingSecretIsShown() {
    assertFalse(new LoginData("joe", "hush", "").toString().contains("hush"));
  }
}
