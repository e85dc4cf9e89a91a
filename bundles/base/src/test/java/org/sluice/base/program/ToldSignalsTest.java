package org.sluice.base.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;

class ToldSignalsTest {
  @ParameterizedTest
  @CsvSource({
    "exit 0,0",
    "exit 3,3",
    "exit 128,128",
    "exit 129,128",
    "exit 137,128",
    "exit 192,128",
    "exit 193,193",
    "exit 255,255",
    "kill -9 $$,137",
    "ulimit -c unlimited; kill -6 $$,134",
    "kill -11 $$,139",
    "kill -64 $$,192",
  })
  void anExitIsNoSignal(String script, int expected) throws Exception {
    assertEquals(expected, status(List.of("sh", "-c", script)));
  }

  /** As busybox 1.35 does. */
  @Test
  void anAwkThatSays0OfAKilledProgramIsNotTaken(@TempDir Path directory) throws Exception {
    Path awk = directory.resolve("awk");
    Files.writeString(awk, "#!/bin/sh\ncase $2 in kill*) exit 0 ;; esac\nexec awk \"$@\"\n");
    assertTrue(awk.toFile().setExecutable(true));
    assertFalse(ToldSignals.tells(awk.toString()));
    assertFalse(ToldSignals.tells(directory.resolve("none").toString()));
    assertTrue(ToldSignals.tells("awk"));
  }

  @Test
  void noSignalEndsAProgramInProcess() throws Exception {
    assertEquals(128, status(List.of("ours")));
  }

  private static final class Ours implements ProgramSource {
    @Override
    public OptionalInt run(String name, ProgramContext context) {
      return name.equals("ours") ? OptionalInt.of(137) : OptionalInt.empty();
    }

    @Override
    public MailQueue queue(ProgramContext context) {
      throw new AssertionError("not asked for here");
    }
  }

  private static int status(List<String> argv) throws Exception {
    return run(argv).tellSignals().run();
  }

  private static Execution run(List<String> argv) {
    var environment = Map.of("PATH", "/usr/bin:/bin");
    var directory = Path.of("/tmp");
    return new Run(new Ours(), argv, environment, directory, Descriptors.NONE, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theNumberIsThatOfTheProgram(boolean tellSignals, @TempDir Path directory) throws Exception {
    Path said = directory.resolve("said");
    var told = new AtomicLong();
    String script = "echo to nobody; echo $$ >" + said + "; kill -9 $$";
    Execution run = run(List.of("sh", "-c", script)).tellProcess(told::set);
    assertEquals(137, tellSignals ? run.tellSignals().run() : run.run());
    assertEquals(Long.parseLong(Files.readString(said).strip()), told.get());
    run(List.of("ours")).tellProcess(told::set).run();
    assertEquals(ProcessHandle.current().pid(), told.get());
  }
}
