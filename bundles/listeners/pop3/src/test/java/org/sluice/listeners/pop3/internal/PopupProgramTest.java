package org.sluice.listeners.pop3.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.RecordingExecution;
import org.sluice.testkit.TestContext;

/** qmail-popup where no run is recorded: spec 20 section 10.5. */
class PopupProgramTest {
  private final List<RecordingExecution> runs = new ArrayList<>();

  private String say(String input, RecordingExecution.Body checker) throws Exception {
    var context = new TestContext(List.of("h", "checker")).stdin(input);
    context.programs(
        argv -> {
          runs.add(new RecordingExecution(argv, checker));
          return runs.get(0);
        });
    assertEquals(1, new PopupProgram().run(context));
    return context.stdout().substring(context.stdout().indexOf('\n') + 1);
  }

  @Test
  void aCheckerThatCrashes() throws Exception {
    assertEquals(
        "+OK \r\n-ERR aack, child crashed\r\n", say("USER a\r\nPASS b\r\nNOOP\r\n", run -> 139));
  }

  @Test
  void anExitThatLooksLikeASignalIsToldFromOne() throws Exception {
    say("APOP a b\r\n", run -> 128);
    assertTrue(runs.get(0).tellSignals);
  }

  @Test
  void aCheckerThatFails() throws Exception {
    assertEquals("-ERR authorization failed\r\n", say("APOP a b\r\nNOOP\r\n", run -> 111));
  }

  @Test
  void aCheckerThatIsNotThere() throws Exception {
    String said =
        say(
            "APOP joe  a b\r\n",
            run -> {
              assertTrue(run.read(3).startsWith("joe\0 a b\0<"));
              throw new IOException("no such program");
            });
    assertEquals("-ERR authorization failed\r\n", said);
  }

  @Test
  void bytesAfterANulDoNotCount() throws Exception {
    say(
        "USER jo\0e\r\nPASS x\0y\r\n",
        run -> {
          assertTrue(run.read(3).startsWith("jo\0x\0<"));
          return 0;
        });
    assertEquals(1, runs.size());
  }

  @Test
  void whatWasSentAfterThePasswordGoesToTheCheckersProgram() throws Exception {
    say(
        "USER a\r\nPASS b\r\nSTAT\r\nQUIT\r\n",
        run -> {
          assertEquals("STAT\r\nQUIT\r\n", run.read(0));
          return 0;
        });
    assertEquals(1, runs.size());
  }

  @Test
  @Timeout(60)
  void silentClientsAreLeftWithoutAWord() throws Exception {
    var silent = new PipedInputStream(new PipedOutputStream());
    var context = new TestContext(List.of("h", "checker")).input(silent);
    var program = new PopupProgram(InstantSource.system(), Duration.ofMillis(50));
    assertEquals(1, program.run(context));
    assertTrue(context.stdout().matches("\\+OK <[^>]*>\r\n"), context.stdout());
  }

  @Test
  @Timeout(60)
  void silentClientsOfAMaildirToo(@TempDir Path home) throws Exception {
    for (String name : List.of("tmp", "new", "cur")) {
      Files.createDirectories(home.resolve("Maildir").resolve(name));
    }
    var silent = new PipedInputStream(new PipedOutputStream());
    var context = new TestContext(List.of("Maildir")).in(home).input(silent);
    var program = new Pop3dProgram(InstantSource.system(), Duration.ofMillis(50), 1000);
    assertEquals(0, program.run(context));
    assertEquals("+OK \r\n", context.stdout());
  }
}
