package org.sluice.base.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;

/** What a program leaves behind writes on into a pipe that is copied to its end. */
@Timeout(120)
class CopiedOutputTest {
  /** In the background, when the program has ended and Java knows it. */
  private static final String LATER =
      "exec 3<&0; (exec 2>/dev/null; while kill -0 $$; do sleep 0.02; done; ";

  private static final String SAYS =
      LATER + "read x <&3; echo later $x; read x <&3; echo $x) & echo now; exit 3";

  @TempDir Path directory;
  private final Copied out = new Copied();

  /** As recordio's; tells when something has arrived that came later. */
  private static final class Copied extends OutputStream implements CopiedOutput {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CountDownLatch arrived = new CountDownLatch(1);

    @Override
    public void write(int octet) {
      bytes.write(octet);
      if (octet == 'x' || octet == 'l') {
        arrived.countDown();
      }
    }

    @Override
    public String toString() {
      return bytes.toString(StandardCharsets.ISO_8859_1);
    }
  }

  /** The second is said when the first was answered. */
  private final class Lines extends InputStream {
    private final InputStream first = text("line\n");
    private final InputStream second = text("last\n");

    private static InputStream text(String text) {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public int read() {
      throw new AssertionError("read in blocks");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = first.read(bytes, offset, length);
      try {
        return n < 0 && out.arrived.await(60, TimeUnit.SECONDS)
            ? second.read(bytes, offset, length)
            : n;
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
    }
  }

  /** Has {@code nested}, which runs its arguments with its own descriptors. */
  private static final ProgramSource SOURCE =
      new ProgramSource() {
        @Override
        public OptionalInt run(String name, ProgramContext context)
            throws IOException, InterruptedException {
          return name.equals("nested")
              ? OptionalInt.of(context.exec(context.arguments()))
              : OptionalInt.empty();
        }

        @Override
        public MailQueue queue(ProgramContext context) {
          throw new AssertionError("no queue here");
        }
      };

  private int run(Optional<Instant> deadline, String... argv)
      throws IOException, InterruptedException {
    var environment = Map.of("PATH", "/usr/bin:/bin");
    return new Run(SOURCE, List.of(argv), environment, directory, Descriptors.NONE, deadline)
        .input(0, new Lines())
        .output(1, out)
        .run();
  }

  @Test
  void whatIsLeftBehindReadsAndWritesOn() throws Exception {
    assertEquals(3, run(Optional.empty(), "sh", "-c", SAYS));
    assertEquals("now\nlater line\nlast\n", out.toString());
  }

  @Test
  void behindAProgramOfOursToo() throws Exception {
    assertEquals(3, run(Optional.empty(), "nested", "sh", "-c", SAYS));
    assertEquals("now\nlater line\nlast\n", out.toString());
  }

  /** Whatever its output is: a named pipe does not tell what is in it. */
  @Test
  void aFurtherDescriptorIsReadToItsEnd() throws Exception {
    String script = "echo later >&6; read x; read x; echo $x >&6";
    var environment = Map.of("PATH", "/usr/bin:/bin");
    var argv = List.of("sh", "-c", script);
    new Run(SOURCE, argv, environment, directory, Descriptors.NONE, Optional.empty())
        .input(0, new Lines())
        .output(6, out)
        .run();
    assertEquals("later\nlast\n", out.toString());
  }

  /** Writes until it cannot, and tells that. */
  private static final String FOR_EVER =
      "trap '' PIPE; " + LATER + "while echo x; do sleep 0.02; done; : >ended) & exit 0";

  @Test
  void anInterruptEndsIt() throws Exception {
    var end = new CompletableFuture<Throwable>();
    var thread =
        new Thread(
            () -> {
              try {
                run(Optional.empty(), "sh", "-c", FOR_EVER);
                end.complete(null);
              } catch (IOException | InterruptedException e) {
                end.complete(e);
              }
            });
    thread.start();
    assertTrue(out.arrived.await(60, TimeUnit.SECONDS), "nothing was written");
    thread.interrupt();
    assertEquals(InterruptedException.class, end.get(60, TimeUnit.SECONDS).getClass());
    awaitEnded();
  }

  @Test
  void soDoesTheDeadline() throws Exception {
    var deadline = Optional.of(Instant.now().plusSeconds(2));
    assertThrows(InterruptedIOException.class, () -> run(deadline, "sh", "-c", FOR_EVER));
    if (!out.toString().isEmpty()) { // else the program itself was not done by then
      awaitEnded();
    }
  }

  /** The writer's pipe is closed. */
  private void awaitEnded() throws InterruptedException {
    while (!Files.exists(directory.resolve("ended"))) {
      Thread.sleep(10);
    }
  }

  @Test
  void nothingIsHeldOpen() throws Exception {
    run(Optional.empty(), "true");
    long before = pipes();
    run(Optional.empty(), "true");
    assertThrows(IOException.class, () -> run(Optional.empty(), "no-such-program"));
    assertEquals(before, pipes());
  }

  private static long pipes() throws IOException {
    try (var links = Files.list(Path.of("/proc/self/fd"))) {
      return links.filter(CopiedOutputTest::isPipe).count();
    }
  }

  private static boolean isPipe(Path link) {
    try {
      return Files.readSymbolicLink(link).toString().startsWith("pipe:");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  /** Run by the test below in a JVM without the options. */
  static final class Elsewhere {
    public static void main(String[] arguments) throws Exception {
      var test = new CopiedOutputTest();
      test.directory = Path.of(arguments[0]);
      String script = SAYS.replace("read x <&3", "sleep 0.1"); // Java closes descriptor 0
      int status = test.run(Optional.empty(), "sh", "-c", script);
      System.out.print(test.out.toString() + status);
      var another = new CopiedOutputTest();
      another.directory = test.directory;
      another.anInterruptEndsIt();
    }
  }

  @Test
  void aNamedPipeWhereTheJvmDoesNotAllowIt() throws Exception {
    String path = System.getProperty("surefire.test.class.path");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                path == null ? System.getProperty("java.class.path") : path,
                Elsewhere.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertEquals("now\nlater\n\n3", said);
    assertEquals(0, process.waitFor());
  }
}
