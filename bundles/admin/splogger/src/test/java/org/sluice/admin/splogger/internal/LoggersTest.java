package org.sluice.admin.splogger.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.testkit.FakeExecution;
import org.sluice.testkit.TestContext;

/** Loggers that end too early, and how long the next one is waited for. */
@Timeout(60)
class LoggersTest {
  private static final String GONE =
      "splogger: warning: unable to run logger: file does not exist; lines are lost until it runs\n";
  private static final FakeExecution.Body ALL =
      (in, out) -> {
        out.write(in.readAllBytes());
        return 0;
      };

  private final TestContext context = new TestContext(List.of());
  private final Pending pending = new Pending(Duration.ofMinutes(5));
  private final Deque<FakeExecution.Body> bodies = new ArrayDeque<>();
  private final List<Long> pauses = new ArrayList<>();
  private long seconds;

  private void run(Loggers.Pause pause) {
    context.programs(argv -> new FakeExecution(context, bodies.remove()));
    new Loggers(
            context,
            "tag",
            pending,
            () -> seconds * 1_000_000_000,
            time -> {
              pauses.add(time.toSeconds());
              pause.wait(time);
            })
        .run();
  }

  private boolean put(String line) throws InterruptedException {
    return pending.put((line + "\n").getBytes(StandardCharsets.US_ASCII));
  }

  private static FakeExecution.Body failing(String why) {
    return (in, out) -> {
      throw new IOException("error=2, " + why);
    };
  }

  private static FakeExecution.Body ending(int status) {
    return (in, out) -> status;
  }

  @Test
  void whatALoggerHasReadIsLostWithItAndTheRestIsTheNextOnes() throws Exception {
    var stale = new InputStream[1];
    put("read by the first");
    bodies.add(
        (in, out) -> {
          stale[0] = in;
          in.read();
          put("one");
          put("two");
          return 137;
        });
    bodies.add(
        (in, out) -> {
          // The thread that copied for the first has what it had.
          assertEquals("ead by the first\n".length(), stale[0].readAllBytes().length);
          return ALL.run(in, out);
        });
    run(
        time -> {
          put("three");
          pending.end();
        });
    assertEquals("one\ntwo\nthree\n", context.stdout());
    assertEquals(
        "splogger: warning: logger has ended with status 137; lines are lost until it runs\n",
        context.stderr());
    assertEquals(List.of(1L), pauses);
  }

  @Test
  void pausesGrowAndTheSameIsSaidOnce() throws Exception {
    for (int i = 0; i < 9; i++) {
      bodies.add(failing("No such file or directory"));
    }
    bodies.add(ALL);
    run(
        time -> {
          if (pauses.size() == 9) {
            put("a");
            pending.end();
          }
        });
    assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L, 60L), pauses);
    assertEquals(GONE, context.stderr());
    assertEquals("a\n", context.stdout());
  }

  @Test
  void aLoggerThatHasRunForAMinuteBeginsAnew() throws Exception {
    bodies.add(ending(1));
    bodies.add(ending(1));
    bodies.add(
        (in, out) -> {
          seconds += 60;
          return 1;
        });
    bodies.add(
        (in, out) -> {
          seconds += 59;
          return 0;
        });
    run(
        time -> {
          if (pauses.size() == 4) {
            pending.end();
          }
        });
    assertEquals(List.of(1L, 2L, 1L, 2L), pauses);
    String one =
        "splogger: warning: logger has ended with status 1; lines are lost until it runs\n";
    assertEquals(one + one + one.replace("1;", "0;"), context.stderr());
  }

  @Test
  void withoutALoggerLinesAreKeptUpToTheLimit() throws Exception {
    bodies.add(failing("No such file or directory"));
    bodies.add(ALL);
    String line = "x".repeat(1_023);
    run(
        time -> {
          for (int i = 0; i < Pending.LIMIT / 1_024; i++) {
            assertTrue(put(line));
          }
          assertFalse(put(line), "and nobody waits");
          assertFalse(put(""));
          pending.end();
        });
    assertEquals(Pending.LIMIT, context.stdout().length());
    assertEquals(GONE, context.stderr());
  }

  @Test
  void afterTheEndThereIsOneTryMore() throws Exception {
    bodies.add(failing("No such file or directory"));
    bodies.add(failing("No such file or directory"));
    put("a");
    run(time -> pending.end());
    assertTrue(bodies.isEmpty());
    assertEquals(List.of(1L), pauses);
    assertEquals(GONE, context.stderr());
  }

  @Test
  void withoutLinesNoLoggerIsNeeded() {
    pending.end();
    run(time -> {});
    assertEquals("", context.stderr());
  }

  @Test
  void whatTheJvmCannotExpressStopsNothing() throws Exception {
    bodies.add(
        (in, out) -> {
          throw new java.nio.file.InvalidPathException("?", "no path");
        });
    bodies.add(ALL);
    put("a");
    run(time -> pending.end());
    assertEquals("a\n", context.stdout());
    assertTrue(context.stderr().startsWith("splogger: warning: unable to run logger: java.nio."));
  }
}
