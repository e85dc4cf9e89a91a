package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.testkit.FilesAfter;
import org.sluice.testkit.FilesBefore;
import org.sluice.testkit.Installed;
import org.sluice.testkit.Template;
import org.sluice.testkit.Vectors;

/** A sample of the recorded runs of each program, through its name in bin/. */
class RecordedRunsIT {
  /** What the server's control files are: runs that need others are left to the unit tests. */
  private static final Map<String, String> CONTROL =
      Map.of("me", "mx.example.org\n", "rcpthosts", "a.org\n");

  /** The one tells of the host's accounts, the other is recorded with a stand-in it runs. */
  private static final Set<String> NOT_HERE = Set.of("qmail-showctl", "mailsubj");

  private static final int NOBODY = 65534;

  private static Server server;
  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("recorded", Map.of());
    for (var file : CONTROL.entrySet()) {
      server.control(file.getKey(), file.getValue());
    }
    server.control("smtproutes", ":127.0.0.1:1\n"); // what is accepted stays
    server.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  static Stream<Named<Map<String, Object>>> listeners() {
    return sample("listeners", 3);
  }

  static Stream<Named<Map<String, Object>>> silent() {
    return Vectors.of("listeners").stream()
        .filter(RecordedRunsIT::silent)
        .map(v -> Named.of(program(v) + " " + v.get("name"), v));
  }

  static Stream<Named<Map<String, Object>>> local() {
    return sample("local", 2);
  }

  /** Some of each program, from the first to the last of those that can be run like this. */
  private static Stream<Named<Map<String, Object>>> sample(String file, int most) {
    List<Map<String, Object>> all =
        Vectors.of(file).stream().filter(v -> possible(v) && !silent(v)).toList();
    Set<String> programs = new LinkedHashSet<>();
    all.forEach(v -> programs.add(Vectors.text(v, "program")));
    return programs.stream()
        .flatMap(
            program -> {
              var own = all.stream().filter(v -> program.equals(v.get("program"))).toList();
              int count = Math.min(most, own.size());
              return IntStream.range(0, count)
                  .mapToObj(i -> own.get(i * (own.size() - 1) / Math.max(1, count - 1)));
            })
        .map(v -> Named.of(program(v) + " " + v.get("name"), v));
  }

  private static String program(Map<String, Object> vector) {
    return Vectors.text(vector, "program");
  }

  private static boolean possible(Map<String, Object> vector) {
    return !vector.containsKey("passwd") // of the host's accounts
        && !NOT_HERE.contains(program(vector))
        && !vector.containsKey("queue_exit")
        && !vector.containsKey("fd3")
        && !needsOtherUsers(vector)
        && controlFits(vector)
        && queueFits(vector)
        && (vector.get("args") + "" + vector.get("env")).chars().allMatch(c -> c < 0x80);
  }

  /** Modes mean nothing to root, and only root can give files away. */
  private static boolean needsOtherUsers(Map<String, Object> vector) {
    return Vectors.object(vector, "files").values().stream()
        .anyMatch(
            file ->
                file instanceof Map<?, ?> described
                    && (described.containsKey("owner")
                        || described.get("mode") instanceof String mode
                            && (Integer.parseInt(mode, 8) & 0600) != 0600));
  }

  /** Recorded with a client that says no more, and does not go. */
  private static boolean silent(Map<String, Object> vector) {
    return Boolean.TRUE.equals(vector.get("stdin_open"));
  }

  private static boolean controlFits(Map<String, Object> vector) {
    Map<String, Object> control = Vectors.object(vector, "control");
    boolean same =
        control.entrySet().stream().allMatch(e -> e.getValue().equals(CONTROL.get(e.getKey())));
    boolean relays = Vectors.object(vector, "env").containsKey("RELAYCLIENT");
    boolean open =
        !control.containsKey("rcpthosts") && Vectors.text(vector, "stdin").contains("RCPT");
    boolean named = control.containsKey("me") || !program(vector).equals("qmail-smtpd");
    return same && named && (relays || !open);
  }

  /** Mail of the listeners stays in the queue; what others queue would be delivered here. */
  private static boolean queueFits(Map<String, Object> vector) {
    boolean queues = vector.get("queued") instanceof List<?> queued && !queued.isEmpty();
    return !queues || vector.containsKey("control");
  }

  @ParameterizedTest
  @MethodSource({"listeners", "local"})
  void asRecorded(Map<String, Object> vector) throws Exception {
    run(vector, server.home);
  }

  /** On a server of their own: the others must not be hurried. */
  @ParameterizedTest
  @MethodSource("silent")
  void asRecordedWithASilentClient(Map<String, Object> vector) throws Exception {
    try (var hurried = new Server("silent", Map.of())) {
      for (var file : Vectors.object(vector, "control").entrySet()) {
        hurried.control(file.getKey(), file.getValue().toString());
      }
      hurried.start();
      run(vector, hurried.home);
    }
  }

  private void run(Map<String, Object> vector, Path serverHome) throws Exception {
    Path root = directory.toRealPath();
    Template template =
        new Template().value("home", root).value("qmail", root).value("checker", "true");
    if (program(vector).equals("qmail-smtpd")) {
      template.form("DATE", Template.HEADER_DATE);
    }
    FilesBefore.make(Vectors.object(vector, "files"), root, template);
    List<String> command = new ArrayList<>();
    if (program(vector).equals("qmail-pop3d") && root()) {
      command.addAll(asNobody(root)); // it does not serve uid 0
    }
    command.add(Server.DIST.resolve("bin").resolve(program(vector)).toString());
    ((List<?>) vector.get("args")).forEach(a -> command.add(template.fill(a.toString())));
    Path stdin = Files.createTempFile(serverHome, "stdin", "");
    Path stdout = Files.createTempFile(serverHome, "stdout", "");
    Path stderr = Files.createTempFile(serverHome, "stderr", "");
    Files.write(stdin, Vectors.bytes(template.fill(Vectors.text(vector, "stdin"))));
    var builder = new ProcessBuilder(command).directory(root.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", Server.DIST.resolve("bin") + ":/usr/bin:/bin");
    Vectors.object(vector, "env")
        .forEach((name, value) -> builder.environment().put(name, template.fill(value.toString())));
    boolean own = vector.containsKey("root") || program(vector).equals("users-lookup");
    String home = own ? root.toString() : serverHome.toString();
    builder.environment().put("SLUICE_HOME", home);
    if (!silent(vector)) {
      builder.redirectInput(stdin.toFile());
    }
    builder.redirectOutput(stdout.toFile()).redirectError(stderr.toFile());
    Process process = builder.start();
    if (silent(vector)) {
      process.getOutputStream().write(Files.readAllBytes(stdin));
      process.getOutputStream().flush();
    }
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), command + " hangs");
    template.check(Vectors.text(vector, "stderr"), text(stderr), "stderr");
    template.check(Vectors.text(vector, "stdout"), text(stdout), "stdout");
    assertEquals(((Long) vector.get("exit")).intValue(), process.exitValue(), "exit status");
    FilesAfter.check(vector, root, template);
    for (Path file : List.of(stdin, stdout, stderr)) {
      Files.delete(file);
    }
  }

  private static List<String> asNobody(Path root) throws Exception {
    List<String> prefix =
        List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--");
    List<String> probe = new ArrayList<>(prefix);
    probe.addAll(List.of("test", "-r", Server.DIST.resolve("lib/felix.jar").toString()));
    Process process = new ProcessBuilder(probe).start();
    Installed.machine(process.waitFor() == 0, "readable-by-others");
    Client.run("chown", "-R", NOBODY + ":" + NOBODY, root.toString());
    return prefix;
  }

  private static boolean root() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }
}
