package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.testkit.Vectors;

/** {@code bin/qmail-start} as a boot script of qmail's uses it (spec 10 sections 4.3 and 13). */
class QmailStartIT {
  private static final String PROGRAM = Server.DIST.resolve("bin/qmail-start").toString();
  private static final String RUNNING = "alert: cannot start: qmail-send is already running\n";

  private static final String EXITING = "status: exiting\n";

  /** One message to joe, whose report is put in; what differs from run to run is masked. */
  private static final String RUN =
      """
      status: local 0/10 remote 0/20
      new msg 1
      info msg 1: bytes N from <a@b.example> qp N uid N
      starting delivery 1: msg 1 to local joe@me.example
      status: local 1/10 remote 0/20
      delivery 1: success: %s
      status: local 0/10 remote 0/20
      end msg 1
      """;

  /** The next message, which fails. */
  private static final String FAILURE =
      """
      new msg 2
      info msg 2: bytes N from <a@b.example> qp N uid N
      starting delivery 2: msg 2 to local joe-x@me.example
      status: local 1/10 remote 0/20
      delivery 2: failure: Sorry,_no_mailbox_here_by_that_name._(#5.1.1)/
      status: local 0/10 remote 0/20
      bounce msg 2 qp N
      end msg 2
      """;

  private final List<Process> started = new ArrayList<>();
  private Server server;
  private Path joe;

  /** An operator's home, in which qmail-start makes what is Sluice's alone. */
  private void home(String name) throws IOException {
    server = new Server(name, Map.of("PATH", Server.directory(name) + ":/usr/bin:/bin"));
    server.control("me", "me.example\n").control("rcpthosts", "me.example\n");
    server.control("defaultdelivery", "#\n"); // what qmail-start was given wins
    Files.createDirectories(server.home.resolve("queue"));
    joe = Files.createDirectories(server.home.resolve("joe"));
    for (String part : List.of("tmp", "new", "cur")) {
      Files.createDirectories(joe.resolve("Maildir").resolve(part));
    }
    Path assign = Files.createDirectories(server.home.resolve("users")).resolve("assign");
    Object uid = Files.getAttribute(joe, "unix:uid");
    Object gid = Files.getAttribute(joe, "unix:gid");
    Files.writeString(
        assign,
        "=joe:joe:%1$s:%2$s:%3$s:::\n+joe-:joe:%1$s:%2$s:%3$s:-::\n.\n".formatted(uid, gid, joe));
  }

  @AfterEach
  void kill() {
    started.forEach(Process::destroyForcibly);
  }

  private void script(String name, String text) throws IOException {
    Path file = Files.writeString(server.home.resolve(name), "#!/bin/sh\n" + text);
    assertTrue(file.toFile().setExecutable(true));
  }

  private Path out() {
    return server.home.resolve("out");
  }

  private String text() throws IOException {
    return Files.readString(out(), StandardCharsets.ISO_8859_1);
  }

  /** With standard output in a file, and nothing on descriptor 2. */
  private Process start(List<String> command) throws IOException {
    Path err = server.home.resolve("err");
    Process process =
        server
            .builder(command)
            .redirectOutput(Redirect.appendTo(out().toFile()))
            .redirectError(err.toFile())
            .start();
    started.add(process);
    return process;
  }

  /** One that fails; what is in its standard output. */
  private String failure(String... arguments) throws Exception {
    Files.deleteIfExists(out());
    List<String> command = new ArrayList<>(List.of(PROGRAM));
    command.addAll(List.of(arguments));
    Process process = start(command);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(111, process.exitValue());
    assertEquals("", Files.readString(server.home.resolve("err")));
    return text();
  }

  private void send(String to) throws Exception {
    server.listening("smtp");
    int before = ended();
    try (var client = new SmtpClient(server.port())) {
      String reply = client.send("a@b.example", to, "Subject: x\n\nbody\n");
      assertTrue(reply.startsWith("250"), reply);
    }
    Poll.until("delivered", 60_000, () -> ended() > before);
  }

  private int ended() throws IOException {
    return text().split("end msg").length;
  }

  /** The process that was started is the server: it gets the signal, and its status is that. */
  private void terminate(Process process) throws Exception {
    assertEquals(server.pid(), process.pid());
    process.destroy();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
    assertEquals("", Files.readString(server.home.resolve("err")));
  }

  private static String masked(String log) {
    return log.replaceAll("(bytes|qp|uid)([ _])[0-9]+", "$1$2N");
  }

  @Test
  void withoutArgumentsTheLogIsOnStandardOutputAndMailGoesToMailbox() throws Exception {
    home("qmail-start");
    Process process = start(List.of(PROGRAM));
    send("joe@me.example");
    String log = text();
    Path first = Files.move(out(), server.home.resolve("first"));
    assertEquals(RUNNING, failure("./Maildir/"));
    Files.move(first, out(), StandardCopyOption.REPLACE_EXISTING);
    assertEquals(log, text());
    terminate(process);
    assertEquals(RUN.formatted("did_1+0+0/") + EXITING, masked(text()));
    assertTrue(Files.readString(joe.resolve("Mailbox")).endsWith("Subject: x\n\nbody\n\n"));
    assertEquals(0, Files.size(server.home.resolve("log/qmail-send")));
  }

  @Test
  void instructionsAndEnvironmentKeepTheirOctetsAndALoggerGetsTheLog() throws Exception {
    home("qmail-start-logger");
    script("logger", "printf '<%s>' \"$@\" \"$PWD\"\necho\ncat\necho ended\n");
    script("queuer", "cat >/dev/null\ntr '\\0' '\\n' <&1 >>queued\n");
    String shell =
        "export QMAILQUEUE=./queuer; ODD=$(printf 'o\\376 d'); export ODD; exec \"$0\" \"$(printf"
            + " '|printf \"%%s|%%s\" \"\\377 \\047\" \"$ODD\" >odd; env >env\\n./Maildir/\\n"
            + "&c@d.example')\" \"$@\"";
    var process = start(List.of("sh", "-c", shell, PROGRAM, "logger", "a  b", "", "*"));
    send("joe@me.example");
    send("joe-x@me.example");
    terminate(process);
    Poll.until("the logger ends", 60_000, () -> text().endsWith("ended\n"));
    String expected = "<a  b><><*></>\n" + RUN.formatted("did_1+1+1/qp_N/") + FAILURE + EXITING;
    assertEquals(expected + "ended\n", masked(text()));
    assertEquals(
        "Fa@b.example\nTc@d.example\n\nF\nTa@b.example\n\n",
        Files.readString(server.home.resolve("queued")));
    assertArrayEquals(
        "\377 '|o\376 d".getBytes(StandardCharsets.ISO_8859_1),
        Files.readAllBytes(joe.resolve("odd")));
    String environment = Files.readString(joe.resolve("env"), StandardCharsets.ISO_8859_1);
    assertTrue(environment.contains("\nSLUICE_SMTP_PORT=0\n"), environment);
    assertFalse(environment.contains("SLUICE_START"), environment);
    assertEquals(1, new Maildir(joe.resolve("Maildir")).count());
  }

  @ParameterizedTest
  @ValueSource(strings = {"start:no-controls", "start:me-is-directory"})
  void whatQmailSendDoesNotStartWith(String name) throws Exception {
    var vector =
        Vectors.of("send").stream().filter(v -> name.equals(v.get("name"))).findAny().orElseThrow();
    server = new Server("qmail-start-vector", Map.of());
    Vectors.files(Vectors.object(vector, "control"), server.home.resolve("control"));
    assertEquals(111L, vector.get("exit"));
    String log =
        ((List<?>) vector.get("log"))
            .stream().map(line -> line + "\n").collect(Collectors.joining());
    assertEquals(log, failure());
    failure("./Mailbox", "cat");
    Poll.until("a logger gets it too", 60_000, () -> log.equals(text()));
    Process process = start(qmailSend());
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(111, process.exitValue());
    assertEquals(log.repeat(2), text());
  }

  private static List<String> qmailSend() {
    String program = Server.DIST.resolve("bin/qmail-send").toString();
    String line = "export QMAILREMOTE=./remote; exec \"$0\" 0>&1 >/dev/null";
    return List.of("sh", "-c", line, program);
  }

  @Test
  void qmailSendByItselfLogsOnDescriptorZeroAndRunsQmailremote() throws Exception {
    home("qmail-send-alone");
    script("remote", "printf 'r\\0K%s\\n\\0' \"$*\"\n");
    server
        .control("defaultdelivery", "./Maildir/\n")
        .control("rcpthosts", "me.example\nr.example\n");
    Process process = start(qmailSend());
    send("joe@me.example");
    assertEquals(RUN.formatted("did_1+0+0/"), masked(text()));
    send("x@r.example");
    assertTrue(
        text().contains("\ndelivery 2: success: r.example_a@b.example_x@r.example/\n"), text());
    terminate(process);
    assertTrue(text().endsWith("\nend msg 2\n" + EXITING), text());
    assertEquals(1, new Maildir(joe.resolve("Maildir")).count());
  }

  @Test
  void whatElseKeepsItFromStarting() throws Exception {
    home("qmail-start-fails");
    for (String none : List.of("no-such-logger", "/", "", server.home + "/me")) {
      assertEquals("", failure("./Mailbox", none, "argument"), none);
    }
    Path program = Files.writeString(server.home.resolve("me"), "#!/nonexistent\n");
    assertTrue(program.toFile().setExecutable(true));
    assertEquals("", failure("./Mailbox", "me"));
    Files.createDirectories(server.home.resolve("control/virtualdomains"));
    assertEquals("alert: cannot start: unable to read controls\n", failure());
    var refused = assertThrows(IOException.class, server::start).getMessage();
    assertTrue(refused.contains("sluice: unable to read controls: "), refused);
    assertTrue(refused.endsWith("/control/virtualdomains\n"), refused);
    Files.delete(server.home.resolve("control/virtualdomains"));
    Client.run("rm", "-r", server.home.resolve("run").toString());
    Files.writeString(server.home.resolve("run"), "no directory\n");
    assertEquals("alert: cannot start: unable to open mutex\n", failure());
    String queue = "alert: cannot start: unable to switch to queue directory\n";
    Path store = Files.createFile(server.home.resolve("queue/log"));
    assertEquals(queue, failure());
    Files.delete(store);
    Files.delete(store.getParent());
    assertEquals(queue, failure());
    server = new Server(server.home, Map.of("SLUICE_HOME", server.home + "/nowhere"));
    String home = "alert: cannot start: unable to switch to home directory\n";
    assertEquals(home, failure());
  }
}
