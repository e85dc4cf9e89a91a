package org.sluice.net.internal.tcpserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.program.SystemUser;
import org.sluice.testkit.Installed;
import org.sluice.testkit.Tool;

/** Side by side with Debian's tcpserver: what a client gets, and the log, line by line. */
class DebianServerTest {
  private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin", "FOO", "old");
  private static final String[] SHOW = {
    "sh",
    "-c",
    "cat >/dev/null; env | grep -E '^(PROTO|TCP|FOO)' | sed -E 's/(PORT)=.*/\\1/' | LC_ALL=C sort"
  };

  @TempDir Path home;

  /** What a client got, and the log. */
  private record Seen(String heard, String log) {}

  private Map<String, String> environment = PATH;

  private Seen ours(List<String> options, String said, int lines, String... program)
      throws Exception {
    try (var server = Running.serving(home, environment, options, program)) {
      return new Seen(server.talk(said), server.log(lines));
    }
  }

  private Seen theirs(List<String> options, String said, int lines, String... program)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("tcpserver", "-1"));
    command.addAll(options);
    command.addAll(List.of("127.0.0.1", "0"));
    command.addAll(List.of(program));
    Path log = home.resolve("theirs.log");
    var builder = new ProcessBuilder(command).directory(home.toFile()).redirectError(log.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      int port = Integer.parseInt(line(process.getInputStream()));
      String heard;
      try (var socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(said.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
        heard = text(socket);
      }
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (Files.readString(log, StandardCharsets.ISO_8859_1).lines().count() < lines) {
        assertTrue(System.nanoTime() < end, () -> "no such log: " + lines);
        Thread.sleep(10); // another process writes
      }
      return new Seen(heard, Running.normal(Files.readString(log, StandardCharsets.ISO_8859_1)));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static String text(Socket socket) {
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // a reset, where the server has not read all
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private void same(List<String> options, int lines, String... program) throws Exception {
    same("said\n", options, lines, program);
  }

  /** For programs that do not read, whose client would get a reset if it said something. */
  private void sameOfNothing(List<String> options, int lines, String... program) throws Exception {
    same("", options, lines, program);
  }

  private void same(String said, List<String> options, int lines, String... program)
      throws Exception {
    assertEquals(
        theirs(options, said, lines, program),
        ours(options, said, lines, program),
        options + " " + String.join(" ", program));
  }

  @Test
  void sameSessions() throws Exception {
    Installed.program("tcpserver");
    same(List.of("-vRHl0"), 6, "cat");
    same(List.of("-QRHl0"), 0, "cat");
    same(List.of("-vRHl", ""), 6, SHOW);
    same(List.of("-vRHl", "a b%c:d\u007f"), 6, "cat");
    same(List.of("-vRHl", "x".repeat(99)), 6, SHOW);
    same(List.of("-vRHl", "x".repeat(100)), 6, SHOW);
    same(List.of("-vRHDoc77", "-lzz", "-b3"), 6, SHOW);
    same(List.of("-vHrt2", "-l0"), 6, SHOW); // nobody listens at port 113
    same(List.of("-vRHl0", "-B220 hi\r\n"), 6, "cat");
    same(List.of("-vRHl0"), 6, "sh", "-c", "cat >/dev/null; exit 7");
    same(List.of("-vRHl0"), 6, "sh", "-c", "cat >/dev/null; kill -9 $$");
    same(List.of("-vRHl0"), 7, "nonexistentprog");
    same(List.of("-QRHl0"), 1, "nonexistentprog");
    same(List.of("-qRHl0"), 0, "nonexistentprog");
  }

  @Test
  void sameRules() throws Exception {
    Installed.program("tcpserver");
    String rules =
        "127.0.0.1:allow,TCPREMOTEIP=\"1.2.3.4\",FOO=\"a=b c\",BAR=\"\",TCPLOCALHOST=\"rule\"\n:deny\n";
    Tool.run(home, Map.of(), rules, "tcprules", "allow.cdb", "tmp");
    Tool.run(home, Map.of(), ":deny,FOO=\"x\"\n", "tcprules", "deny.cdb", "tmp");
    Tool.run(home, Map.of(), "", "tcprules", "nothing.cdb", "tmp");
    same(List.of("-vRHl0", "-xallow.cdb"), 6, SHOW);
    same(List.of("-vRHl0", "-xnothing.cdb"), 6, SHOW);
    same(List.of("-vRHl0", "-xdeny.cdb"), 6, SHOW);
    same(List.of("-vRHl0", "-xnone.cdb"), 6, SHOW);
    same(List.of("-vRHl0", "-Xxnone.cdb"), 6, SHOW);
    sameOfNothing(List.of("-vRHl0", "-x", ""), 6, SHOW); // no file has this name
    same(List.of("-vRHl0", "-Xx", ""), 6, SHOW);
    sameOfNothing(List.of("-vRHl0", "-Xxdeny.cdb/rules"), 6, SHOW);
  }

  /** Makes a program of the test's own directory. */
  private void program(String name, int mode, String text) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setAttribute(file, "unix:mode", mode);
  }

  @Test
  void sameProgramsThatCannotBeRun() throws Exception {
    Installed.program("tcpserver");
    program("script", 0755, "#!/bin/sh\necho script\n");
    program("text", 0755, "echo text\n");
    program("empty", 0755, "");
    program("lost", 0755, "#!/nonexistent\n");
    program("broken", 0755, "\177ELF\necho broken\n");
    program("nested", 0755, "#!" + home.resolve("text") + "\n");
    for (String name :
        List.of(
            "./text",
            "./empty",
            "./lost",
            "./broken",
            "./nested",
            "./script/none",
            "/tmp",
            "./none")) {
      sameOfNothing(List.of("-vRHl0"), 7, name);
    }
    sameOfNothing(List.of("-vRHl0"), 6, "./script");
  }

  @Test
  void sameOfAnotherUser() throws Exception {
    Installed.program("tcpserver");
    assumeTrue(SystemUser.own().isRoot(), "not root");
    Files.setAttribute(home, "unix:mode", 0755);
    program("script", 0755, "#!/bin/sh\nid\n");
    program("root", 0700, "#!/bin/sh\nid\n");
    program("text", 0755, "id\n");
    program("closed/script", 0755, "#!/bin/sh\nid\n");
    program("shell", 0755, "#!" + home.resolve("closed/script") + "\n");
    Files.setAttribute(home.resolve("closed"), "unix:mode", 0700);
    List<String> options = List.of("-vRHl0", "-u65534", "-g65533");
    for (String name :
        List.of("./root", "closed/script", "/root/x", "./text", "./shell", "./none", "nonexist")) {
      sameOfNothing(options, 7, name);
    }
    sameOfNothing(options, 6, "./script");
    sameOfNothing(options, 6, "id");
    sameOfNothing(options, 6, "sh", "-c", "exit 126"); // its own
  }

  @Test
  void sameUsersOfOptions() throws Exception {
    Installed.program("tcpserver");
    assumeTrue(SystemUser.own().isRoot(), "not root");
    String[] who = {"sh", "-c", "id -u; id -g; id -G"};
    sameOfNothing(List.of("-vRHl0", "-u65534", "-g65533", "-U"), 6, who); // neither is set
    sameOfNothing(List.of("-vRHl0", "-u3000000000", "-g4294967294"), 6, who);
    sameOfNothing(List.of("-vRHl0", "-u4294967296"), 6, who);
    environment = Map.of("PATH", PATH.get("PATH"), "UID", "65532");
    sameOfNothing(List.of("-vRHl0", "-u65534", "-g65533", "-U"), 6, who);
    sameOfNothing(List.of("-vRHl0", "-Uu65534", "-g65533"), 6, who);
    environment = Map.of("PATH", PATH.get("PATH"), "UID", "x", "GID", "7y");
    sameOfNothing(List.of("-vRHl0", "-u65534", "-g65533", "-U"), 6, who);
    sameRefusal("-u4294967295", "127.0.0.1", "0", "x");
    sameRefusal("-g4294967295", "127.0.0.1", "0", "x");
  }

  @Test
  void sameSearchWhateverTheRuleGivesTheProgram() throws Exception {
    Installed.program("tcpserver");
    program("bin/only", 0755, "#!/bin/sh\necho only\n");
    program("bin/id", 0755, "#!/bin/sh\necho another\n");
    String rule = ":allow,PATH=\"" + home.resolve("bin") + "\"\n";
    Tool.run(home, Map.of(), rule, "tcprules", "path.cdb", "tmp");
    sameOfNothing(List.of("-vRHl0", "-xpath.cdb"), 7, "only");
    sameOfNothing(List.of("-vRHl0", "-xpath.cdb"), 6, "id");
    sameOfNothing(List.of("-vRHl0", "-xpath.cdb"), 6, "sh", "-c", "echo $PATH; id; only");
  }

  private void sameRefusal(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "tcpserver";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Tool.Result theirs = Tool.run(home, Map.of(), "", command);
    var ours = new Running(home, PATH, List.of(arguments), Map.of());
    assertEquals(theirs.status(), ours.status(), String.join(" ", arguments));
    assertEquals(theirs.err(), ours.log(), String.join(" ", arguments));
  }

  @Test
  void sameRefusals() throws Exception {
    Installed.program("tcpserver");
    sameRefusal();
    sameRefusal("-v");
    sameRefusal("-q");
    sameRefusal("0", "-v");
    sameRefusal("--", "-v", "0");
    sameRefusal("-z");
    sameRefusal("-vRz", "0", "0", "x");
    sameRefusal("-qz", "0", "0", "x");
    sameRefusal("-c");
    sameRefusal("-Rl");
    sameRefusal("0", "nosuchservice", "x");
    sameRefusal("-q", "0", "nosuchservice", "x");
    sameRefusal("192.0.2.1", "0", "x");
    sameRefusal("-Q", "192.0.2.1", "0", "x");
    sameRefusal("-q", "192.0.2.1", "0", "x");
  }
}
