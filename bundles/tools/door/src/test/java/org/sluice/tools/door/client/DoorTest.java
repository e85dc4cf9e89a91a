package org.sluice.tools.door.client;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.Execution;
import org.sluice.api.program.Program;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.program.ProgramHost;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.ProgramConnection;
import org.sluice.base.program.ProgramSource;
import org.sluice.base.program.Run;
import org.sluice.tools.door.internal.Door;

/** A client and the door in one process, over the real socket. */
class DoorTest {
  @TempDir Path home;
  private final Map<String, Program> programs = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private byte[] input = new byte[0];
  private Optional<InputStream> broken = Optional.empty();
  private Optional<OutputStream> stuck = Optional.empty();
  private ProgramHost host;
  private Door door;

  /** What the client's process has open: 0 as a file, 1 and 2. */
  private final Descriptors descriptors =
      new Descriptors() {
        private InputStream stream;

        @Override
        public Optional<InputStream> input(int descriptor) {
          stream = stream == null ? new ByteArrayInputStream(input) : stream;
          return descriptor == 0 ? broken.or(() -> Optional.of(stream)) : Optional.empty();
        }

        @Override
        public Optional<OutputStream> output(int descriptor) {
          return descriptor == 1
              ? stuck.or(() -> Optional.of(out))
              : descriptor == 2 ? Optional.of(err) : Optional.empty();
        }

        @Override
        public void rewind() {
          stream = null;
        }
      };

  @BeforeEach
  void open() throws IOException {
    var source =
        new ProgramSource() {
          @Override
          public OptionalInt run(String name, ProgramContext context)
              throws IOException, InterruptedException {
            Program program = programs.get(name);
            return program == null ? OptionalInt.empty() : OptionalInt.of(program.run(context));
          }

          @Override
          public MailQueue queue(ProgramContext context) {
            throw new AssertionError("no program here injects mail");
          }
        };
    host =
        new ProgramHost() {
          @Override
          public Set<String> names() {
            return programs.keySet();
          }

          @Override
          public Execution execution(List<String> argv) {
            return new Run(
                source, argv, Map.of(), Path.of("/"), Descriptors.NONE, Optional.empty());
          }
        };
    door = Door.at(home, host);
  }

  @AfterEach
  void close() throws Exception {
    door.stop();
  }

  private static final int MISSING = -1;

  private int call(String... words) throws IOException, InterruptedException {
    return new DoorClient(home.resolve("run/door"), descriptors)
        .call(List.of(words), Map.of("A", "\u00e9=x"), home)
        .orElse(MISSING);
  }

  @Test
  void onlyTheOwnerGetsIn() throws IOException {
    var mode = Files.getPosixFilePermissions(home.resolve("run/door"));
    assertEquals("rw-------", PosixFilePermissions.toString(mode));
  }

  @Test
  void wordsEnvironmentDirectoryStreamsAndStatus() throws Exception {
    programs.put(
        "p",
        context -> {
          context.in().transferTo(context.out());
          String seen = context.arguments() + context.environment().get("A") + context.directory();
          context.err().write(seen.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
          return 99;
        });
    input = new byte[300_000];
    assertEquals(99, call("p", "one", "\u00ff"));
    assertEquals(300_000, out.size());
    assertEquals(
        "[one, \u00ff]\u00e9=x" + home, err.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  @Test
  void inputIsBegunAgain() throws Exception {
    programs.put(
        "p",
        context -> {
          context.in().read();
          context.rewind();
          context.in().transferTo(context.out());
          return 0;
        });
    input = "abc".getBytes();
    assertEquals(0, call("p"));
    assertEquals("abc", out.toString());
  }

  @Test
  void aDescriptorThatIsNotOpenIsNot() throws Exception {
    programs.put("p", context -> context.input(3).isPresent() ? 1 : 4);
    assertEquals(4, call("p"));
    programs.put(
        "q",
        context -> {
          assertThrows(IOException.class, () -> context.in().read(), "no empty message");
          assertThrows(IOException.class, () -> context.out().write(1));
          return 54;
        });
    var none = new DoorClient(home.resolve("run/door"), Descriptors.NONE);
    assertEquals(OptionalInt.of(54), none.call(List.of("q"), Map.of(), home));
  }

  @Test
  void aMissingProgramIsToldAndABugIsTemporary() throws Exception {
    programs.put(
        "bug",
        context -> {
          throw new IllegalStateException("broken");
        });
    assertEquals(MISSING, call("missing"));
    assertEquals("", err.toString());
    assertEquals(111, call("bug"));
    assertTrue(err.toString().contains("broken"), err.toString());
  }

  @Test
  void aKilledClientEndsItsProgram() throws Exception {
    var inside = new CountDownLatch(1);
    var ended = new CountDownLatch(1);
    programs.put(
        "p",
        context -> {
          inside.countDown();
          try {
            new CountDownLatch(1).await();
          } finally {
            ended.countDown();
          }
          return 0;
        });
    var client = new Thread(() -> assertThrows(IOException.class, () -> call("p")), "client");
    client.start();
    assertTrue(inside.await(20, TimeUnit.SECONDS));
    client.interrupt(); // closes the connection, as the end of a process does
    assertTrue(ended.await(20, TimeUnit.SECONDS));
    client.join();
  }

  @Test
  void whatCannotBeReadIsNotTakenForTheEnd() throws Exception {
    broken =
        Optional.of(
            new SequenceInputStream(
                new ByteArrayInputStream("half".getBytes()),
                new InputStream() {
                  @Override
                  public int read() throws IOException {
                    throw new IOException("Input/output error");
                  }
                }));
    programs.put(
        "p",
        context -> {
          assertEquals("half", new String(context.in().readNBytes(4)));
          assertThrows(IOException.class, () -> context.in().read());
          return 54;
        });
    assertEquals(54, call("p"));
  }

  /** A reader that takes nothing until it is told to. */
  private static final class Stuck extends OutputStream {
    final CountDownLatch go = new CountDownLatch(1);
    final CountDownLatch reached = new CountDownLatch(1);
    final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    @Override
    public void write(int octet) {
      throw new AssertionError("written in blocks");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      reached.countDown();
      try {
        assertTrue(go.await(60, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      taken.write(bytes, offset, length);
    }
  }

  @Test
  @Timeout(60)
  void aReaderThatTakesNothingKeepsNoProcess() throws Exception {
    var reader = new Stuck();
    stuck = Optional.of(reader);
    for (int size : new int[] {100, 10_000_000}) { // fits into the connection, and does not
      programs.put(
          "p",
          context -> {
            var connection = new ProgramConnection("p", context);
            connection.timeout(Duration.ofMillis(200));
            try {
              connection.out().write(new byte[size]);
              return 0;
            } catch (SocketTimeoutException e) {
              return 1;
            }
          });
      assertEquals(size == 100 ? 0 : 1, call("p"));
    }
    reader.go.countDown();
  }

  @Test
  @Timeout(60)
  void aSlowReaderGetsAll() throws Exception {
    var reader = new Stuck();
    stuck = Optional.of(reader);
    programs.put(
        "p",
        context -> {
          var connection = new ProgramConnection("p", context);
          connection.timeout(Duration.ofHours(1));
          connection.out().write(new byte[100_000]);
          return 7;
        });
    var client = new Thread(() -> assertDoesNotThrow(() -> call("p")), "client");
    client.start();
    assertTrue(reader.reached.await(20, TimeUnit.SECONDS));
    reader.go.countDown();
    client.join();
    assertEquals(100_000, reader.taken.size());
  }

  @Test
  void aLongPathDoesNotMatter() throws Exception {
    Path deep = home.resolve("x".repeat(200));
    Door second = Door.at(deep, host);
    try {
      programs.put("p", context -> 5);
      var client = new DoorClient(deep.resolve("run/door"), descriptors);
      assertEquals(OptionalInt.of(5), client.call(List.of("p"), Map.of(), home));
    } finally {
      second.stop();
    }
    assertTrue(Files.notExists(deep.resolve("run/door"), java.nio.file.LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void garbageIsIgnored() throws Exception {
    programs.put("p", context -> 0);
    try (var channel =
        java.nio.channels.SocketChannel.open(
            java.net.UnixDomainSocketAddress.of(home.resolve("run/door")))) {
      channel.write(java.nio.ByteBuffer.wrap("C\u007f\u007f\u007f\u007fgarbage".getBytes()));
    }
    assertEquals(0, call("p"));
  }
}
