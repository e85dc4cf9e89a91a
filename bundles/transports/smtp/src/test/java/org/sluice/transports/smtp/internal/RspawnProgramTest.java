package org.sluice.transports.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.api.program.Execution;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.RecordingExecution;
import org.sluice.testkit.SystemPrograms;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

/** qmail-rspawn (spec 10 sections 12.5 and 12.6). */
@Timeout(120)
class RspawnProgramTest {
  @TempDir Path home;
  private final TestContext context = new TestContext(List.of());
  private SmtpClient client;

  @BeforeEach
  void make() throws IOException {
    Path directory = Files.createDirectories(home.resolve("queue/mess/12"));
    Files.writeString(directory.resolve("2165922"), "Subject: x\n\nbody\n");
    context.with(Map.of("PATH", "/usr/bin:/bin"));
    client =
        new SmtpClient(
            new FakeControl(home, Map.of("me", "me.x")), new FakeDns(), FakeDns::own, true);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private RspawnProgram program(Path where) {
    var made = new RspawnProgram(where);
    made.addClient(client, Map.of());
    return made;
  }

  /** The report with a program played so. */
  private String report(Function<List<String>, Execution> qmailRemote) throws Exception {
    context.stdin("\00312/2165922\0s@x\0u@other@host.x\0").programs(qmailRemote);
    int before = context.stdout().length();
    assertEquals(0, program(home).run(context));
    String said = context.stdout().substring(before);
    assertTrue(said.startsWith("x\003") && said.endsWith("\0"), said);
    return said.substring(2, said.length() - 1);
  }

  private String report(int status, String output) throws Exception {
    return report(
        argv ->
            new RecordingExecution(
                argv,
                execution -> {
                  execution.outputs.get(1).write(Vectors.bytes(output));
                  return status;
                }));
  }

  /** The table of 12.6. */
  static Stream<Arguments> outputs() {
    return Stream.of(
        Arguments.of("rok\0Kacc\n\0", "Kokacc\n"),
        Arguments.of("rok\0Zdefer\n\0", "Zokdefer\n"),
        Arguments.of("rok\0Dperm\n\0", "Dokperm\n"),
        Arguments.of("r\0Kacc\n\0", "Kacc\n"),
        Arguments.of("hno user\n\0Kacc\n\0", "Dno user\n"),
        Arguments.of("hno user\n\0Zdata\n\0", "Dno user\n"),
        Arguments.of("hno user\n\0Ddata\n\0", "Dno user\ndata\n"),
        Arguments.of("slater\n\0Kacc\n\0", "Zlater\n"),
        Arguments.of("slater\n\0Zx\n\0", "Zlater\nx\n"),
        Arguments.of("slater\n\0Dx\n\0", "Zlater\nx\n"),
        Arguments.of("Kacc\n\0", "Kacc\n"),
        Arguments.of("Zdns\n\0", "Zdns\n"),
        Arguments.of("Dperm\n\0", "Dperm\n"),
        Arguments.of("rok\0", "Dok"),
        Arguments.of("xok\0Kacc\0", "Kokacc"),
        Arguments.of("rok\0hother\0Kacc\0", "Kok"),
        Arguments.of("r\0r\0Zx\0", "Z"),
        Arguments.of("r1\0s2\0h3\0Kend\0", "K1"),
        Arguments.of("h1\0r2\0Kend\0", "D1"),
        Arguments.of("s\0Kend\0", "Z"),
        Arguments.of("r\0Zfirst\0Dsecond\0", "Zfirst"),
        Arguments.of("r\0junk\0Dsecond\0", "D"),
        Arguments.of("K", "D"),
        // Not in the table, but seen: what has no end does not count, and is told.
        Arguments.of("r\0Zend", "Dend"),
        Arguments.of("s\0Kend", "Zend"),
        Arguments.of("hno\0Zend", "Dnoend"),
        Arguments.of("\0Kx\0", "KKx"),
        Arguments.of("", "Zqmail-remote produced no output.\n"));
  }

  @ParameterizedTest
  @MethodSource("outputs")
  void condensed(String output, String expected) throws Exception {
    assertEquals(expected, report(0, output));
  }

  @Test
  void howItEnded() throws Exception {
    assertEquals("DUnable to run qmail-remote.\n", report(1, "r\0Kx\0"));
    assertEquals("DUnable to run qmail-remote.\n", report(100, "r\0Kx\0"));
    assertEquals("ZUnable to run qmail-remote.\n", report(111, "r\0Kx\0"));
    String killed = "printf 'r\\0Kx\\0'; kill -9 $$";
    Function<List<String>, Execution> system = new SystemPrograms(context);
    assertEquals(
        "Zqmail-remote crashed.\n", report(argv -> system.apply(List.of("sh", "-c", killed))));
    assertEquals(
        "Zqmail-spawn out of memory. (#4.3.0)\n",
        report(
            argv ->
                new RecordingExecution(
                    argv,
                    execution -> {
                      byte[] block = new byte[1 << 20];
                      for (int i = 0; i < 17; i++) {
                        execution.outputs.get(1).write(block);
                      }
                      return 0;
                    })));
  }

  @Test
  void argumentsDirectoryAndDescriptors() throws Exception {
    assertEquals(
        "Ksaid",
        report(
            argv ->
                new RecordingExecution(
                    argv,
                    call -> {
                      assertEquals(
                          List.of("qmail-remote", "host.x", "s@x", "u@other@host.x"), call.argv);
                      assertEquals(Optional.of(home.resolve("queue/mess")), call.directory);
                      assertEquals(call.outputs.get(1), call.outputs.get(2), "one pipe");
                      try (var in = call.message.orElseThrow().open()) {
                        String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                        assertEquals("Subject: x\n\nbody\n", text);
                      }
                      call.outputs.get(1).write(Vectors.bytes("Ksaid\0"));
                      return 0;
                    })));
  }

  @Test
  void anotherProgram() throws Exception {
    Function<List<String>, Execution> system = new SystemPrograms(context);
    assertEquals("ZUnable to run qmail-remote.\n", report(system), "ours, which is not there");
    Path program = home.resolve("remote");
    context.with(Map.of("QMAILREMOTE", program.toString()));
    assertEquals("DUnable to run qmail-remote.\n", report(system), "missing");
    Files.writeString(program, "#!/bin/sh\nprintf 'r\\0K'; pwd; cat; printf '%s\\0' \"$*\"\n");
    assertEquals("DUnable to run qmail-remote.\n", report(system), "not executable");
    assertTrue(program.toFile().setExecutable(true));
    assertEquals("K" + text() + "Subject: x\n\nbody\nhost.x s@x u@other@host.x", report(system));
    context.with(Map.of("QMAILREMOTE", "remote", "PATH", home + ":/usr/bin:/bin"));
    assertTrue(report(system).startsWith("K/"), "found in PATH");
  }

  private String text() throws IOException {
    return home.resolve("queue/mess").toRealPath() + "\n";
  }

  @Test
  void theTableOfTimeoutsIsEmptiedAtTheStart() throws Exception {
    Path table = home.resolve("queue/lock/tcpto");
    Files.createDirectories(table.getParent());
    Files.write(table, new byte[] {1, 2, 3});
    context.stdin("");
    assertEquals(0, program(home).run(context));
    assertEquals("x", context.stdout());
    assertArrayEquals(new byte[1024], Files.readAllBytes(table));
    Files.write(table, new byte[] {1, 2, 3});
    assertEquals(111, program(home.resolve("elsewhere")).run(context));
    assertEquals(3, Files.size(table), "not without a queue");
  }
}
