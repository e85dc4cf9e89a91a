package org.sluice.programs.except.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.testkit.FakeExecution;
import org.sluice.testkit.RecordedRun;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

class ExceptProgramTest {
  @TempDir Path directory;

  static List<Named<Map<String, Object>>> runs() {
    return Vectors.named("local", "except");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    new RecordedRun(vector, directory).check(new ExceptProgram());
  }

  private static TestContext playing(FakeExecution.Body body) {
    var context = new TestContext(List.of("program", "-x", "arg"));
    return context.programs(argv -> new FakeExecution(context, body));
  }

  @Test
  void passesArgumentsAsTheyAre() throws Exception {
    var context = new TestContext(List.of("program", "-x", "a b"));
    context.programs(
        argv -> {
          assertEquals(List.of("program", "-x", "a b"), argv);
          return new FakeExecution(context, (in, out) -> 0);
        });
    assertEquals(100, new ExceptProgram().run(context));
  }

  @Test
  void programThatCannotBeStartedNowIsTriedAgain() throws Exception {
    var context =
        playing(
            (in, out) -> {
              throw new IOException("error=12, Cannot allocate memory");
            });
    assertEquals(111, new ExceptProgram().run(context));
    assertEquals("except: fatal: temporary child error\n", context.stderr());
  }

  @Test
  void interruptGoesThrough() {
    var context =
        playing(
            (in, out) -> {
              throw new InterruptedException();
            });
    assertThrows(InterruptedException.class, () -> new ExceptProgram().run(context));
  }
}
