package org.sluice.tools.mail.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.api.program.Program;
import org.sluice.testkit.FakeExecution;
import org.sluice.testkit.TestContext;

/** Spec 40 section 16.4. */
class MailReaderTest {
  private final List<List<String>> ran = new ArrayList<>();

  static Stream<Arguments> readers() {
    return Stream.of(
        Arguments.of(new ElqProgram(), "elm"),
        Arguments.of(new QailProgram(), "Mail"),
        Arguments.of(new PinqProgram(), "pine"));
  }

  /** Programs that exit so. */
  private TestContext context(int maildir2mbox, int reader) {
    var context = new TestContext(List.of("-f", "a b"));
    return context.programs(
        argv -> {
          ran.add(argv);
          int status = argv.equals(List.of("maildir2mbox")) ? maildir2mbox : reader;
          return new FakeExecution(context, (in, out) -> status);
        });
  }

  @ParameterizedTest
  @MethodSource("readers")
  void runsTheReaderWithItsArguments(Program program, String reader) throws Exception {
    assertEquals(3, program.run(context(0, 3)));
    assertEquals(List.of(List.of("maildir2mbox"), List.of(reader, "-f", "a b")), ran);
  }

  @Test
  void notAfterAFailure() throws Exception {
    assertEquals(111, new ElqProgram().run(context(111, 0)));
    assertEquals(List.of(List.of("maildir2mbox")), ran);
  }

  @Test
  void missingReader() throws Exception {
    var context = context(0, 0);
    context.programs(
        argv ->
            argv.get(0).equals("maildir2mbox")
                ? new FakeExecution(context, (in, out) -> 0)
                : FakeExecution.failing(context, "error=2, No such file or directory"));
    assertEquals(111, new QailProgram().run(context));
    assertEquals("qail: fatal: unable to run Mail: file does not exist\n", context.stderr());
  }
}
