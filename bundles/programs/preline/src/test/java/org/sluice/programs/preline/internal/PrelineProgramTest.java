package org.sluice.programs.preline.internal;

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
import org.sluice.testkit.SystemPrograms;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

class PrelineProgramTest {
  @TempDir Path directory;

  static List<Named<Map<String, Object>>> runs() {
    return Vectors.named("local", "preline");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    new RecordedRun(vector, directory).check(new PrelineProgram());
  }

  private static TestContext context(String... arguments) {
    return new TestContext(List.of(arguments))
        .with(Map.of("UFLINE", "From s\n", "RPLINE", "R\n", "DTLINE", "D\n"))
        .stdin("x\n");
  }

  @Test
  void startsAtThePresentPosition() throws Exception {
    var context = context("-f", "cat").stdin("first\nsecond\n");
    context.in().skipNBytes(6);
    context.programs(new SystemPrograms(context));
    assertEquals(0, new PrelineProgram().run(context));
    assertEquals("R\nD\nsecond\n", context.stdout());
  }

  @Test
  void unreadableMessage() throws Exception {
    var context = context("cat").unreadable();
    context.programs(new SystemPrograms(context));
    assertEquals(111, new PrelineProgram().run(context));
    assertEquals("preline: fatal: unable to copy input: input/output error\n", context.stderr());
  }

  @Test
  void unreadableMessageCountsThoughTheCommandIsContent() throws Exception {
    var context = context("cat").unreadable();
    context.programs(
        argv ->
            new FakeExecution(
                context,
                (in, out) -> {
                  assertThrows(IOException.class, in::readAllBytes);
                  return 0;
                }));
    assertEquals(111, new PrelineProgram().run(context));
    assertEquals("preline: fatal: unable to copy input: input/output error\n", context.stderr());
  }

  @Test
  void commandNeedNotReadItsInput() throws Exception {
    var context = context("true").stdin("x".repeat(1_000_000));
    context.programs(new SystemPrograms(context));
    assertEquals(0, new PrelineProgram().run(context));
    assertEquals("", context.stderr());
  }

  @Test
  void commandThatCannotBeStartedNow() throws Exception {
    var context = context("cat");
    context.programs(
        argv -> FakeExecution.failing(context, "error=11, Resource temporarily unavailable"));
    assertEquals(111, new PrelineProgram().run(context));
    assertEquals("preline: fatal: unable to run cat: temporary failure\n", context.stderr());
  }
}
