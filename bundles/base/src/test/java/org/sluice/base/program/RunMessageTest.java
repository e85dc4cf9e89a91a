package org.sluice.base.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.FileMessage;

/** A program of the system as a spawner runs it: a file to read, one pipe to write to. */
@Timeout(120)
class RunMessageTest {
  @TempDir Path directory;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  private static final class Copied extends OutputStream implements CopiedOutput {
    private final OutputStream to;

    Copied(OutputStream to) {
      this.to = to;
    }

    @Override
    public void write(int octet) throws java.io.IOException {
      to.write(octet);
    }
  }

  private static final ProgramSource SOURCE =
      new ProgramSource() {
        @Override
        public OptionalInt run(String name, ProgramContext context) {
          return OptionalInt.empty();
        }

        @Override
        public MailQueue queue(ProgramContext context) {
          throw new AssertionError("no queue here");
        }
      };

  private Execution sh(String script) {
    return new Run(
        SOURCE,
        List.of("sh", "-c", script),
        Map.of("PATH", "/usr/bin:/bin"),
        directory,
        Descriptors.NONE,
        Optional.empty());
  }

  private String output() {
    return written.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void aMessageInAFileIsThatFile() throws Exception {
    Path file = Files.writeString(directory.resolve("m"), "one\ntwo\n");
    for (OutputStream out : List.of(written, new Copied(written))) {
      written.reset();
      sh("readlink /proc/$$/fd/0; read x; echo $x; cat")
          .message(new FileMessage(file))
          .output(1, out)
          .run();
      assertEquals(file.toRealPath() + "\none\ntwo\n", output());
    }
  }

  @Test
  void descriptorsOneAndTwoAreOnePipe() throws Exception {
    String script =
        "i=0; while [ $i -lt 200 ]; do echo $i; i=$((i+1)); echo $i >&2; i=$((i+1)); done";
    var expected = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      expected.append(i).append('\n');
    }
    for (OutputStream out : List.of(written, new Copied(written))) {
      written.reset();
      assertEquals(0, sh(script).output(1, out).output(2, out).run());
      assertEquals(expected.toString(), output());
    }
  }

  @Test
  void whatHoldsDescriptorTwoAloneIsWaitedFor() throws Exception {
    var out = new Copied(written);
    String left =
        "(exec >/dev/null; while kill -0 $$ 2>/dev/null; do sleep 0.02; done; echo later >&2) &";
    assertEquals(7, sh("echo now; " + left + " exit 7").output(1, out).output(2, out).run());
    assertEquals("now\nlater\n", output());
  }
}
