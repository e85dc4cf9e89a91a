package org.sluice.programs.qbiff.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.testkit.TestContext;

/** Spec 40 section 13.2, with login records and terminals in files. */
class QbiffProgramTest {
  private static final short USER_PROCESS = 7;
  private static final String EXAMPLE =
      "\r\n\u0007*** TO <joe> FROM <sam@x>\r\n    hi//one/two/\r\n";

  @TempDir Path directory;
  private final ByteArrayOutputStream records = new ByteArrayOutputStream();
  private String user;

  @BeforeEach
  void whoAmI() throws IOException {
    user = Files.getOwner(directory).getName();
    Files.createDirectory(directory.resolve("pts"));
  }

  private Path login(int type, String name, String terminal) throws IOException {
    var record =
        ByteBuffer.allocate(LoginRecords.LENGTH)
            .order(ByteOrder.nativeOrder())
            .putShort((short) type)
            .put(8, terminal.getBytes(StandardCharsets.ISO_8859_1))
            .put(44, name.getBytes(StandardCharsets.ISO_8859_1));
    records.write(record.array());
    Path device = directory.resolve("pts").resolve(terminal.replaceAll("^.*/", ""));
    if (!Files.exists(device)) {
      Files.createFile(device);
      Files.setAttribute(device, "unix:mode", 0720);
    }
    return device;
  }

  private TestContext context() {
    return new TestContext(List.of())
        .with(Map.of("USER", user, "SENDER", "sam@x", "LOCAL", "joe"))
        .stdin("Subject: hi\n\none\ntwo\n");
  }

  private void run(TestContext context) throws IOException, InterruptedException {
    Path utmp = directory.resolve("utmp");
    Files.write(utmp, records.toByteArray());
    var program = new QbiffProgram(utmp, directory, Duration.ofMillis(200));
    assertEquals(0, program.run(context));
    assertEquals("", context.stdout() + context.stderr());
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  @Test
  void writesToEveryTerminalOfTheUser() throws Exception {
    Path one = login(USER_PROCESS, user, "pts/1");
    Path other = login(USER_PROCESS, "somebody", "pts/2");
    Path dead = login(8, user, "pts/3");
    Path four = login(USER_PROCESS, user, "pts/4");
    Files.writeString(four, "prompt$ ");
    run(context());
    assertEquals(EXAMPLE, read(one));
    assertEquals("", read(other));
    assertEquals("", read(dead));
    assertEquals("prompt$ " + EXAMPLE, read(four));
  }

  @Test
  void asksTheTerminalsMode() throws Exception {
    Path silent = login(USER_PROCESS, user, "pts/1");
    Files.setAttribute(silent, "unix:mode", 0660);
    run(context());
    assertEquals("", read(silent));
  }

  @Test
  void terminalMustBeTheUsersOwn() throws Exception {
    user = "somebody-else";
    Path stolen = login(USER_PROCESS, user, "pts/1");
    run(context());
    assertEquals("", read(stolen));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../pts/1", "pts/1.x", "pts/gone"})
  void passesOverBadNames(String name) throws Exception {
    login(USER_PROCESS, user, name);
    Files.deleteIfExists(directory.resolve("pts/gone"));
    Path one = login(USER_PROCESS, user, "pts/9");
    run(context());
    assertEquals(EXAMPLE, read(one));
    try (var devices = Files.list(directory.resolve("pts"))) {
      assertEquals(List.of(one), devices.filter(device -> device.toFile().length() > 0).toList());
    }
  }

  @Test
  void absoluteNamesArePassedOver() throws Exception {
    Path outside = directory.resolve("outside");
    Files.createFile(outside);
    Files.setAttribute(outside, "unix:mode", 0720);
    if (outside.toString().length() <= 32) {
      login(USER_PROCESS, user, outside.toString());
    }
    login(USER_PROCESS, user, "/x");
    run(context());
    assertEquals("", read(outside));
  }

  @ParameterizedTest
  @ValueSource(strings = {"USER", "SENDER", "LOCAL"})
  void needsItsVariables(String missing) throws Exception {
    Path one = login(USER_PROCESS, user, "pts/1");
    var environment = new java.util.HashMap<>(context().environment());
    environment.remove(missing);
    run(new TestContext(List.of()).with(environment).stdin("Subject: x\n"));
    assertEquals("", read(one));
  }

  @ParameterizedTest
  @CsvSource({
    "'Subject: a\u00e9\u001b[0mb|\tc|subject: d|To: e||body|','a//[0mb//c/d//body/'",
    "'To: x|no header','/no header/'",
    "'Subject: x','x/'",
    "'',''"
  })
  void secondLine(String message, String expected) throws Exception {
    Path one = login(USER_PROCESS, user, "pts/1");
    run(context().stdin(message.replace('|', '\n')));
    assertEquals("\r\n\u0007*** TO <joe> FROM <sam@x>\r\n    " + expected + "\r\n", read(one));
  }

  @Test
  void secondLineIsCutAndTheFirstIsNot() throws Exception {
    Path one = login(USER_PROCESS, user, "pts/1");
    String sender = "s\u001b\n".repeat(100);
    run(context().with(Map.of("SENDER", sender)).stdin("Subject: s\n\n" + "x".repeat(1000)));
    assertEquals(
        "\r\n\u0007*** TO <joe> FROM <"
            + "s__".repeat(100)
            + ">\r\n    s//"
            + "x".repeat(71)
            + "\r\n",
        read(one));
  }

  @Test
  void noTroubleStopsTheMail() throws Exception {
    login(USER_PROCESS, user, "pts/1");
    run(context().unreadable());
    var program = new QbiffProgram(directory.resolve("absent"), directory, Duration.ofMillis(200));
    assertEquals(0, program.run(context()));
    user = "u".repeat(33);
    run(context());
  }

  private Path hanging() throws Exception {
    Path hanging = directory.resolve("pts/1");
    Process mkfifo = new ProcessBuilder("mkfifo", "-m", "0700", hanging.toString()).start();
    assertEquals(true, mkfifo.waitFor(60, TimeUnit.SECONDS));
    return login(USER_PROCESS, user, "pts/1");
  }

  @Test
  void hangingTerminalIsLeft() throws Exception {
    Path hanging = hanging();
    Path two = login(USER_PROCESS, user, "pts/2");
    run(context());
    assertEquals(EXAMPLE, read(two));
    // Now that somebody looks, the thread that waits for it ends; the notice is of no use any more.
    assertEquals("", read(hanging));
  }

  @Test
  void interruptGoesThrough() throws Exception {
    hanging(); // a write that has ended needs no interrupt
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> run(context()));
  }
}
