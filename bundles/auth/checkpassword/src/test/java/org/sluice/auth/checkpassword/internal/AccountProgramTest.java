package org.sluice.auth.checkpassword.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.auth.Identity;
import org.sluice.base.PathBytes;
import org.sluice.testkit.RecordingExecution;
import org.sluice.testkit.SystemPrograms;
import org.sluice.testkit.TestContext;

/** Real programs, after spec 20 sections 11.2, 11.3 and 11.4. */
class AccountProgramTest {
  private static final int OTHER = 61_234;

  @TempDir Path directory;
  private Path home;
  private Path passwd;
  private TestContext context;

  @BeforeEach
  void make() throws IOException {
    Files.setAttribute(directory, "unix:mode", 0755);
    home = Files.createDirectory(directory.resolve("h\u00f6me of joe"));
    Files.setAttribute(home, "unix:mode", 0755);
    passwd = directory.resolve("passwd");
    Files.writeString(passwd, "ann:x:1:1:::/bin/ann\njoe:x:%d:1:::/bin/joes\n".formatted(own()));
  }

  private static int own() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  private int run(Identity identity, String... arguments) throws Exception {
    context = new TestContext(List.of(arguments));
    context.with(Map.of("PATH", "/usr/bin:/bin", "SLUICE_UMASK", "0027", "KEPT", "1"));
    context.input(3, "joe\0secret\0\0").programs(new SystemPrograms(context));
    return new AccountProgram(context, identity, new Shells(passwd), Set.of("ours")).run();
  }

  private Identity self() throws IOException {
    int gid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:gid");
    return new Identity("joe", own(), gid, home, Map.of());
  }

  private Identity other() throws IOException {
    assumeTrue(own() == 0, "only root can become somebody else");
    return new Identity("joe", OTHER, OTHER, home, Map.of("SHELL", "/bin/own"));
  }

  private Path program(String text) throws IOException {
    Path file = Files.writeString(home.resolve("program"), text);
    Files.setAttribute(file, "unix:mode", 0755);
    return file;
  }

  private void cannotBeRun(Identity identity) throws Exception {
    Path none = program("#!/nonexistent/interpreter\n");
    assertEquals(111, run(identity, none.toString()));
    assertEquals(111, run(identity, "./program"), "in the home");
    assertEquals(111, run(identity, home.resolve("missing").toString()));
    assertEquals(111, run(identity, home.toString()));
    Path closed = Files.writeString(home.resolve("closed"), "x");
    assertEquals(111, run(identity, closed.toString()));
    assertTrue(context.stderr().contains("closed"), context.stderr());
    for (int status : new int[] {0, 1, 126, 127}) {
      program("#!/bin/sh\nexit " + status + "\n");
      assertEquals(status, run(identity, "./program"), "the program's own");
    }
  }

  /** As execve(2) has it; a shell would run them. */
  private void isNoProgram(Identity identity) throws Exception {
    for (String text : List.of("echo ran\n", "", "\177ELF\necho ran\n")) {
      String file = PathBytes.bytes(program(text));
      for (String name : List.of(file, "./program")) {
        assertThrows(IOException.class, () -> run(identity, name), text);
        assertEquals("", context.stdout());
      }
    }
  }

  @Test
  void whatIsNoProgram() throws Exception {
    isNoProgram(self());
  }

  @Test
  void whatIsNoProgramForAnotherUser() throws Exception {
    isNoProgram(other());
  }

  @Test
  void aProgramThatCannotBeRun() throws Exception {
    cannotBeRun(self());
    assertEquals(111, run(self(), "no-such-program"));
  }

  @Test
  void aProgramThatTheAccountCannotRun() throws Exception {
    cannotBeRun(other());
    assertEquals(111, run(other(), "no-such-program"));
    Path roots = program("#!/bin/sh\n");
    Files.setAttribute(roots, "unix:mode", 0700);
    assertEquals(111, run(other(), "./program"));
  }

  @Test
  void aHomeThatTheAccountCannotEnter() throws Exception {
    Files.setAttribute(home, "unix:mode", 0700);
    assertEquals(111, run(other(), "/bin/true"));
    Files.setAttribute(home, "unix:owner", owner());
    assertEquals(0, run(other(), "/bin/true"));
  }

  private UserPrincipal owner() throws IOException {
    return home.getFileSystem()
        .getUserPrincipalLookupService()
        .lookupPrincipalByName(Integer.toString(OTHER));
  }

  @Test
  void aProgramOfOursIsTheHostsToRun() throws Exception {
    context = new TestContext(List.of("ours", "word"));
    List<RecordingExecution> runs = new ArrayList<>();
    context.programs(
        argv -> {
          runs.add(new RecordingExecution(argv, run -> 3));
          return runs.get(0);
        });
    var shells = new Shells(passwd);
    assertEquals(3, new AccountProgram(context, self(), shells, Set.of("ours")).run());
    assertEquals(List.of("ours", "word"), runs.get(0).argv);
    assertEquals(Optional.of(home), runs.get(0).directory);
    Files.delete(home);
    assertThrows(
        IOException.class, () -> new AccountProgram(context, self(), shells, Set.of("ours")).run());
  }

  @Test
  void aHomeThatIsMissing() throws Exception {
    Files.delete(home);
    assertEquals(111, run(self(), "/bin/true"));
  }

  /** To chdir(2) an empty name is none, to a shell's cd it is the present directory. */
  @Test
  void aHomeWithoutAName() throws Exception {
    home = Path.of("");
    assertEquals(111, run(self(), "/bin/true"));
    assertThrows(IOException.class, () -> run(self(), "ours"));
  }

  private Map<String, String> variables() {
    return Arrays.stream(context.stdout().split("\0"))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  @Test
  void whatTheProgramGets() throws Exception {
    assertEquals(0, run(self(), "/usr/bin/env", "-0"), () -> context.stderr());
    assertEquals(
        Map.of(
            "PATH",
            "/usr/bin:/bin",
            "KEPT",
            "1",
            "USER",
            "joe",
            "HOME",
            homeInBytes(),
            "SHELL",
            "/bin/joes"),
        variables());
    assertEquals(0, run(other(), "/usr/bin/env", "-0"), () -> context.stderr());
    assertEquals("/bin/own", variables().get("SHELL"));
    String script = "umask; pwd; test -e /proc/self/fd/3 || echo closed";
    for (Identity identity : List.of(self(), other())) {
      assertEquals(0, run(identity, "sh", "-c", script));
      assertEquals("0027\n" + homeInBytes() + "\nclosed\n", context.stdout());
    }
  }

  private String homeInBytes() {
    return PathBytes.bytes(home);
  }
}
