package org.sluice.programs.condredirect.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import org.sluice.testkit.RecordingQueue.Queued;
import org.sluice.testkit.SystemPrograms;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

class CondredirectProgramTest {
  @TempDir Path directory;

  static List<Named<Map<String, Object>>> runs() {
    return Vectors.named("local", "condredirect");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    new RecordedRun(vector, directory).check(new CondredirectProgram());
  }

  private TestContext context(String... program) {
    var arguments = new java.util.ArrayList<>(List.of("new@x"));
    arguments.addAll(List.of(program));
    var context = new TestContext(arguments).in(directory).stdin("Subject: x\n\nbody\n");
    return context
        .with(Map.of("SENDER", "s@x", "DTLINE", "D: j\n"))
        .programs(new SystemPrograms(context));
  }

  @Test
  void sendsTheWholeMessageEvenAfterTheProgramHasReadIt() throws Exception {
    var context = context("sh", "-c", "head -c 5 >/dev/null");
    assertEquals(99, new CondredirectProgram().run(context));
    assertEquals(
        List.of(new Queued("D: j\nSubject: x\n\nbody\n", "Fs@x\0Tnew@x\0\0", false)),
        context.queue.queued);
  }

  @Test
  void pipeCannotBeRewound() throws Exception {
    var context = context("true").pipe();
    assertEquals(111, new CondredirectProgram().run(context));
    assertEquals(
        "condredirect: fatal: unable to rewind: unseekable descriptor\n", context.stderr());
    assertEquals(List.of(), context.queue.queued);
  }

  @Test
  void programThatCannotBeStartedNowIsTriedAgain() throws Exception {
    var context = context("true");
    context.programs(
        argv -> FakeExecution.failing(context, "error=11, Resource temporarily unavailable"));
    assertEquals(111, new CondredirectProgram().run(context));
    assertEquals("condredirect: fatal: temporary child error\n", context.stderr());
  }

  @Test
  void missingProgramLeavesTheMessageToTheNextInstruction() throws Exception {
    var context = context("/nonexistent");
    assertEquals(0, new CondredirectProgram().run(context));
    assertEquals("", context.stderr());
    assertEquals(List.of(), context.queue.queued);
  }
}
