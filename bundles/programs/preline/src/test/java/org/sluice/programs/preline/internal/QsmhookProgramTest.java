package org.sluice.programs.preline.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.testkit.FakeExecution;
import org.sluice.testkit.SystemPrograms;
import org.sluice.testkit.TestContext;

/** Spec 40 section 15. */
class QsmhookProgramTest {
  private static TestContext context(String arguments) {
    var context = new TestContext(List.of(arguments.split(" ")));
    return context
        .with(Map.of("DTLINE", "D\n", "RPLINE", "R\n", "UFLINE", "U\n"))
        .with(Map.of("LOCAL", "joe-x", "HOST", "h.example", "SENDER", "orig@s.example"))
        .stdin("message\n")
        .programs(new SystemPrograms(context));
  }

  @ParameterizedTest
  @CsvSource({
    "cat,U message",
    "-n cat,message",
    "-lP cat,U R D message",
    "-DFMmsnP -- cat,R message",
    "-x joe- echo %u %h %g %% a%zb %,x h.example orig@s.example % ab",
    "-xJOE- echo %u,x",
    "-x other echo %u,joe-x",
    "-x joe-x-long echo %u,joe-x"
  })
  void feeds(String arguments, String output) throws Exception {
    var context = context(arguments);
    assertEquals(0, new QsmhookProgram().run(context));
    assertEquals(output, context.stdout().replace('\n', ' ').strip());
    assertEquals("", context.stderr());
  }

  @ParameterizedTest
  @CsvSource({
    "-n,100,fatal: incorrect usage",
    "-q cat,100,illegal option -- q",
    "-x,100,option requires an argument -- x",
    "/nonexistent,100,fatal: command not found"
  })
  void fails(String arguments, int status, String words) throws Exception {
    var context = context(arguments);
    assertEquals(status, new QsmhookProgram().run(context));
    assertEquals("qsmhook: " + words + "\n", context.stderr());
  }

  @Test
  void exitStatusIsTheCommands() throws Exception {
    assertEquals(1, new QsmhookProgram().run(context("false")));
  }

  @Test
  void needsAllVariables() throws Exception {
    var context = new TestContext(List.of("cat")).with(Map.of("LOCAL", "x"));
    assertEquals(100, new QsmhookProgram().run(context));
    assertEquals("qsmhook: fatal: incorrect usage\n", context.stderr());
  }

  @Test
  void passingTrouble() throws Exception {
    var killed = context("cat");
    killed.programs(argv -> new FakeExecution(killed, (in, out) -> 137));
    assertEquals(111, new QsmhookProgram().run(killed));
    assertEquals("qsmhook: fatal: temporary problem\n", killed.stderr());
    var unreadable = context("cat").unreadable();
    assertEquals(111, new QsmhookProgram().run(unreadable));
    assertEquals("qsmhook: fatal: unable to read message\n", unreadable.stderr());
    var context = context("cat");
    context.programs(argv -> FakeExecution.failing(context, "error=12, Cannot allocate memory"));
    assertEquals(111, new QsmhookProgram().run(context));
    assertEquals("qsmhook: fatal: temporary problem\n", context.stderr());
  }
}
