package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.program.ProgramSource;
import org.sluice.base.program.RunContext;
import org.sluice.base.program.TimedOutput;

/** Reads and writes that block, as a program's do. */
@Timeout(60)
class ProgramConnectionTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  private final PipedOutputStream client = new PipedOutputStream();

  private static ProgramConnection connection(InputStream in, OutputStream out) {
    var descriptors =
        new Descriptors() {
          @Override
          public Optional<InputStream> input(int descriptor) {
            return Optional.of(in);
          }

          @Override
          public Optional<OutputStream> output(int descriptor) {
            return Optional.of(out);
          }

          @Override
          public void rewind() throws IOException {
            throw new IOException("Illegal seek");
          }
        };
    var source =
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
    return new ProgramConnection(
        "test",
        new RunContext(source, List.of(), Map.of(), Path.of("/"), descriptors, Optional.empty()));
  }

  @Test
  void aReadThatWasLeftLosesNothing() throws Exception {
    var connection = connection(new PipedInputStream(client), new ByteArrayOutputStream());
    InputStream in = connection.in();
    connection.timeout(SHORT);
    byte[] two = new byte[2];
    for (int i = 0; i < 3; i++) {
      assertThrows(SocketTimeoutException.class, () -> in.read(two));
    }
    client.write(new byte[] {1, 2, 3});
    client.close();
    connection.timeout(Duration.ofMinutes(1));
    assertEquals(1, in.read(), "less than was asked for before");
    assertArrayEquals(new byte[] {2, 3}, in.readAllBytes());
  }

  @Test
  void nothingIsReadAhead() throws Exception {
    var pipe = new PipedInputStream(client);
    client.write(new byte[] {1, 2, 3});
    var connection = connection(pipe, new ByteArrayOutputStream());
    connection.timeout(Duration.ofMinutes(1));
    assertEquals(1, connection.in().read());
    assertEquals(2, pipe.available());
  }

  @Test
  void failuresAreThoseOfTheStream() {
    var connection =
        connection(
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("Input/output error");
              }
            },
            new ByteArrayOutputStream());
    var e = assertThrows(IOException.class, () -> connection.in().read());
    assertEquals("Input/output error", e.getMessage());
  }

  @Test
  void anInterruptEndsARead() throws Exception {
    var connection = connection(new PipedInputStream(client), new ByteArrayOutputStream());
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, () -> connection.in().read());
    assertTrue(Thread.interrupted(), "kept for the program");
  }

  @Test
  void aWriteThatBlocksIsLeftAndNothingFollowsIt() throws Exception {
    var go = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    var taken = new ByteArrayOutputStream();
    var connection =
        connection(
            InputStream.nullInputStream(),
            new OutputStream() {
              @Override
              public void write(int octet) {
                throw new AssertionError("written in blocks");
              }

              @Override
              public void write(byte[] bytes, int offset, int length) throws IOException {
                try {
                  assertTrue(go.await(50, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                  throw new IOException(e);
                }
                taken.write(bytes, offset, length);
                done.countDown();
              }
            });
    connection.timeout(SHORT);
    byte[] said = {1, 2};
    OutputStream out = connection.out();
    assertThrows(SocketTimeoutException.class, () -> out.write(said));
    said[0] = 9; // the program goes on with its buffer
    assertThrows(IOException.class, () -> out.write(3));
    go.countDown();
    assertTrue(done.await(50, TimeUnit.SECONDS));
    assertArrayEquals(new byte[] {1, 2}, taken.toByteArray());
  }

  @Test
  void aLongReplyHasTheTimeForEachBlock() throws Exception {
    var taken = new ByteArrayOutputStream();
    var blocks = new java.util.concurrent.atomic.AtomicInteger();
    var connection =
        connection(
            InputStream.nullInputStream(),
            new OutputStream() {
              @Override
              public void write(int octet) {
                throw new AssertionError("written in blocks");
              }

              @Override
              public void write(byte[] bytes, int offset, int length) {
                blocks.incrementAndGet();
                taken.write(bytes, offset, length);
              }
            });
    connection.timeout(Duration.ofMinutes(1));
    byte[] reply = new byte[50_000];
    new java.util.Random(1).nextBytes(reply);
    connection.out().write(reply, 1, 49_998);
    assertArrayEquals(java.util.Arrays.copyOfRange(reply, 1, 49_999), taken.toByteArray());
    assertEquals(4, blocks.get());
  }

  /** As the door's. */
  private static final class Door extends ByteArrayOutputStream implements TimedOutput.Remote {
    Optional<Duration> limit = Optional.empty();

    @Override
    public void limit(Duration duration) {
      limit = Optional.of(duration);
    }
  }

  @Test
  void whoPassesOnWhatIsWrittenLearnsTheTime() {
    for (boolean before : new boolean[] {true, false}) {
      var door = new Door();
      var connection = connection(InputStream.nullInputStream(), door);
      if (before) {
        connection.out();
      }
      connection.timeout(SHORT);
      connection.out();
      assertEquals(Optional.of(SHORT), door.limit);
    }
  }
}
