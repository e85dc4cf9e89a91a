package org.sluice.tools.fixcrio.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.testkit.FakeExecution;
import org.sluice.testkit.Installed;
import org.sluice.testkit.SystemPrograms;
import org.sluice.testkit.TestContext;
import org.sluice.testkit.Tool;

class FixcrioProgramTest {
  @TempDir Path home;
  private TestContext context = new TestContext(List.of("program", "arg"));

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private int run(FakeExecution.Body program) throws Exception {
    context.programs(
        argv -> {
          assertEquals(List.of("program", "arg"), argv);
          return new FakeExecution(context, program);
        });
    return new FixcrioProgram().run(context);
  }

  @ParameterizedTest
  @CsvSource({
    "'',''",
    "n,rn",
    "rn,rn",
    "anbrncrrnd,arnbrncrrnd",
    "nnn,rnrnrn",
    "rrnnr,rrnrnr",
  })
  void everyLineEndsInCrLfBothWays(String from, String to) throws Exception {
    String raw = from.replace('n', '\n').replace('r', '\r');
    byte[] fixed = bytes(to.replace('n', '\n').replace('r', '\r'));
    context.stdin(raw);
    int status =
        run(
            (in, out) -> {
              assertArrayEquals(fixed, in.readAllBytes());
              out.write(bytes(raw));
              return 9;
            });
    assertEquals(9, status);
    assertArrayEquals(fixed, bytes(context.stdout()));
    // And octet by octet, whatever the blocks are.
    context.stdin(raw);
    context.output(1, new ByteArrayOutputStream());
    run(
        (in, out) -> {
          var read = new ByteArrayOutputStream();
          for (int octet = in.read(); octet >= 0; octet = in.read()) {
            read.write(octet);
          }
          assertArrayEquals(fixed, read.toByteArray());
          for (byte octet : bytes(raw)) {
            out.write(octet);
          }
          return 0;
        });
    assertArrayEquals(fixed, bytes(context.stdout()));
  }

  @Test
  void crAndLfOfTwoReadsBelongTogether() throws Exception {
    context.input(
        new SequenceInputStream(
            Collections.enumeration(
                List.<InputStream>of(
                    new ByteArrayInputStream(bytes("a\r")),
                    new ByteArrayInputStream(bytes("\nb")),
                    new ByteArrayInputStream(bytes("\n"))))));
    run(
        (in, out) -> {
          assertArrayEquals(bytes("a\r\nb\r\n"), in.readAllBytes());
          return 0;
        });
  }

  /** The next line of a client that waits for the answer to the last one. */
  @Test
  void nothingIsHeldBack() throws Exception {
    var answered = new CountDownLatch(1);
    var out =
        new ByteArrayOutputStream() {
          @Override
          public void write(byte[] octets, int offset, int length) {
            super.write(octets, offset, length);
            if (toString(StandardCharsets.ISO_8859_1).endsWith("one\r\n")) {
              answered.countDown();
            }
          }
        };
    var second =
        new InputStream() {
          private final InputStream line = new ByteArrayInputStream(bytes("two\n"));

          @Override
          public int read() {
            throw new AssertionError("read in blocks");
          }

          @Override
          public int read(byte[] octets, int offset, int length) throws java.io.IOException {
            try {
              assertEquals(true, answered.await(60, TimeUnit.SECONDS), "no answer");
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return line.read(octets, offset, length);
          }
        };
    context = new TestContext(List.of("cat")).output(1, out);
    context.input(new SequenceInputStream(new ByteArrayInputStream(bytes("one\n")), second));
    context.programs(new SystemPrograms(context));
    assertEquals(0, new FixcrioProgram().run(context));
    assertEquals("one\r\ntwo\r\n", context.stdout());
  }

  @Test
  void asDebianDoesIt() throws Exception {
    Installed.program("fixcrio");
    var random = new Random(8);
    for (int i = 0; i < 30; i++) {
      byte[] octets = new byte[random.nextInt(i % 3 == 0 ? 20_000 : 50)];
      for (int k = 0; k < octets.length; k++) {
        octets[k] = (byte) "\n\n\r\rab\0".charAt(random.nextInt(7));
      }
      String in = new String(octets, StandardCharsets.ISO_8859_1);
      compare(in, "cat");
    }
    compare("a\nb", "sh", "-c", "read x; echo $x; echo e >&2; exit 7");
    // What is left in the background goes on when the program has ended.
    String later = "exec 3<&0; (exec 2>/dev/null; while kill -0 $$; do sleep 0.02; done; ";
    compare(
        "line\n",
        "sh",
        "-c",
        later + "read x <&3; echo late $x; sleep 0.2; echo last) & echo now; exit 3");
    compare("", "nonexistent");
    compare("", "/nonexistent", "x");
    compare("");
  }

  private void compare(String in, String... program) throws Exception {
    var command = new java.util.ArrayList<>(List.of("fixcrio"));
    command.addAll(List.of(program));
    Tool.Result theirs = Tool.runWithChildren(home, Map.of(), in, command.toArray(String[]::new));
    context = new TestContext(List.of(program)).stdin(in).in(home);
    context.programs(new SystemPrograms(context));
    int status = new FixcrioProgram().run(context);
    assertEquals(theirs, new Tool.Result(status, context.stdout(), context.stderr()), in);
  }

  @Test
  void troubleIsNamed() throws Exception {
    context = new TestContext(List.of());
    assertEquals(100, new FixcrioProgram().run(context));
    assertEquals("fixcrio: usage: fixcrio program [ arg ... ]\n", context.stderr());
    context = new TestContext(List.of("p", "x"));
    context.programs(a -> FakeExecution.failing(context, "error=13, Permission denied"));
    assertEquals(111, new FixcrioProgram().run(context));
    assertEquals("fixcrio: fatal: unable to run p: access denied\n", context.stderr());
  }
}
