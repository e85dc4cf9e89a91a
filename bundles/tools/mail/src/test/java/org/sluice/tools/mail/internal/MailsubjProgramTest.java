package org.sluice.tools.mail.internal;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.testkit.FakeExecution;
import org.sluice.testkit.RecordedRun;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Vectors;

class MailsubjProgramTest {
  @TempDir Path directory;

  static List<Named<Map<String, Object>>> runs() {
    return Vectors.named("local", "mailsubj");
  }

  /** qmail-inject is played by a program that shows what it gets, and exits so. */
  private static TestContext inject(TestContext context, int status) {
    return context.programs(
        argv -> {
          assertEquals(List.of("qmail-inject"), argv);
          return new FakeExecution(
              context,
              (in, out) -> {
                in.transferTo(out);
                return status;
              });
        });
  }

  @ParameterizedTest
  @MethodSource("runs")
  void asRecorded(Map<String, Object> vector) throws Exception {
    var run = new RecordedRun(vector, directory);
    inject(run.context, 0);
    run.check(new MailsubjProgram());
  }

  @ParameterizedTest
  @CsvSource({"0", "100", "111"})
  void statusIsThatOfInject(int status) throws Exception {
    var context = inject(new TestContext(List.of("s\u00e9\nX: y", "a@x")).stdin("b\0"), status);
    assertEquals(status, new MailsubjProgram().run(context));
    assertEquals("Subject: s\u00e9\nX: y\nTo: a@x\n\nb\0", context.stdout());
  }

  @Test
  void needsASubject() throws Exception {
    var context = new TestContext(List.of());
    assertEquals(100, new MailsubjProgram().run(context));
    assertEquals("mailsubj: usage: mailsubj subject recip ...\n", context.stderr());
  }

  @ParameterizedTest
  @CsvSource({
    "'no such program, neither registered nor in PATH'",
    "'error=2, No such file or directory'"
  })
  void saysThatInjectIsMissing(String failure) throws Exception {
    var context = new TestContext(List.of("s"));
    context.programs(argv -> FakeExecution.failing(context, failure));
    assertEquals(111, new MailsubjProgram().run(context));
    String words = failure.startsWith("error") ? "file does not exist" : failure;
    assertEquals("mailsubj: fatal: unable to run qmail-inject: " + words + "\n", context.stderr());
  }

  @Test
  void crashAndUnreadableInput() throws Exception {
    var crashed = inject(new TestContext(List.of("s")), 139);
    assertEquals(111, new MailsubjProgram().run(crashed));
    assertEquals("mailsubj: fatal: qmail-inject crashed\n", crashed.stderr());

    var unreadable = new TestContext(List.of("s")).unreadable();
    unreadable.programs(
        argv ->
            new FakeExecution(
                unreadable,
                (in, out) -> {
                  assertThrows(IOException.class, in::readAllBytes);
                  return 0;
                }));
    assertEquals(111, new MailsubjProgram().run(unreadable));
    assertEquals(
        "mailsubj: fatal: unable to read message: input/output error\n", unreadable.stderr());
  }
}
