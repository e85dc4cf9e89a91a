package org.sluice.base.spawn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.program.Descriptors;
import org.sluice.api.program.ProgramContext;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.program.ProgramSource;
import org.sluice.base.program.RunContext;

/** A spawner between two pipes, whose other ends are qmail-send's. */
abstract class SpawnerFixture {
  @TempDir Path home;
  final CompletableFuture<Integer> status = new CompletableFuture<>();
  Thread thread;
  private OutputStream commands;
  private InputStream reports;
  private Pipe in;
  private Pipe out;

  @BeforeEach
  void queue() throws IOException {
    Path directory = Files.createDirectories(home.resolve("queue/mess/12"));
    Files.writeString(directory.resolve("2165922"), "Subject: x\n\nbody\n");
    in = Pipe.open();
    out = Pipe.open();
    commands = Channels.newOutputStream(in.sink());
    reports = Channels.newInputStream(out.source());
  }

  @AfterEach
  void close() throws IOException {
    commands.close();
    reports.close();
    in.source().close();
    out.sink().close();
  }

  /** Starts it; the greeting has been read. */
  void start(Spawner.Deliveries deliveries) throws IOException {
    run(deliveries);
    assertEquals('x', reports.read());
  }

  void run(Spawner.Deliveries deliveries) {
    var descriptors =
        new Descriptors() {
          @Override
          public Optional<InputStream> input(int descriptor) {
            return Optional.of(Channels.newInputStream(in.source()));
          }

          @Override
          public Optional<OutputStream> output(int descriptor) {
            return Optional.of(Channels.newOutputStream(out.sink()));
          }

          @Override
          public void rewind() throws IOException {
            throw new IOException("Illegal seek");
          }
        };
    var context =
        new RunContext(NONE, List.of(), Map.of(), Path.of("/"), descriptors, Optional.empty());
    thread =
        new Thread(
            () -> {
              try {
                status.complete(Spawner.run(context, home, deliveries));
              } catch (InterruptedException | RuntimeException e) {
                status.completeExceptionally(e);
              }
            });
    thread.start();
  }

  private static final ProgramSource NONE =
      new ProgramSource() {
        @Override
        public OptionalInt run(String name, ProgramContext context) {
          return OptionalInt.empty();
        }

        @Override
        public MailQueue queue(ProgramContext context) {
          throw new AssertionError("nothing is queued");
        }
      };

  void command(int slot, String id, String recipient) throws IOException {
    send((char) slot + id + "\0s@x\0" + recipient + "\0");
  }

  void command(int slot, String recipient) throws IOException {
    command(slot, "12/2165922", recipient);
  }

  void send(String octets) throws IOException {
    commands.write(octets.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The next report, its slot as a number. */
  String report() throws IOException {
    int slot = reports.read();
    var text = new ByteArrayOutputStream();
    for (int octet = reports.read(); octet > 0; octet = reports.read()) {
      text.write(octet);
    }
    return slot + text.toString(StandardCharsets.ISO_8859_1);
  }

  /** No more commands; the exit status. */
  int end() throws Exception {
    commands.close();
    return status.get(60, TimeUnit.SECONDS);
  }

  /** What is left to read when the spawner has ended. */
  String rest() throws IOException {
    out.sink().close();
    return new String(reports.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  void deaf() throws IOException {
    reports.close();
  }
}
