package org.sluice.tools.door.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.api.program.Descriptors;
import org.sluice.tools.door.client.Blocks;
import org.sluice.tools.door.client.Wire;

/** A client's descriptors: each is asked for when the program first touches it. */
final class CallDescriptors implements Descriptors, AutoCloseable {
  private static final long LIMIT_SECONDS = 30;

  private final OutputStream requests;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, CompletableFuture<Optional<SocketChannel>>> wanted = new HashMap<>();
  private final Map<Integer, Optional<InputStream>> inputs = new HashMap<>();
  private final Map<Integer, Optional<DoorOutput>> outputs = new HashMap<>();

  CallDescriptors(OutputStream requests) {
    this.requests = requests;
  }

  /** What the client sent; false if nobody waits for it. */
  boolean offer(int descriptor, SocketChannel channel, boolean open) {
    CompletableFuture<Optional<SocketChannel>> waiting;
    lock.lock();
    try {
      waiting = wanted.get(descriptor);
    } finally {
      lock.unlock();
    }
    Optional<SocketChannel> given = open ? Optional.of(channel) : Optional.empty();
    return waiting != null && waiting.complete(given) && open;
  }

  @Override
  public Optional<InputStream> input(int descriptor) throws IOException {
    Optional<InputStream> known = inputs.get(descriptor);
    if (known == null) {
      known = ask(Wire.INPUT, descriptor).map(Blocks::input);
      inputs.put(descriptor, known);
    }
    return known;
  }

  @Override
  public Optional<OutputStream> output(int descriptor) throws IOException {
    Optional<DoorOutput> known = outputs.get(descriptor);
    if (known == null) {
      known = ask(Wire.OUTPUT, descriptor).map(DoorOutput::new);
      outputs.put(descriptor, known);
    }
    return known.map(stream -> stream);
  }

  @Override
  public void rewind() throws IOException {
    Optional<InputStream> old = inputs.remove(0);
    if (old == null) {
      return; // nothing was read yet
    }
    Optional<InputStream> anew = ask(Wire.REWIND, 0).map(Blocks::input);
    if (old.isPresent()) {
      old.get().close();
    }
    if (anew.isEmpty()) {
      throw new IOException("Illegal seek");
    }
    inputs.put(0, anew);
  }

  private Optional<SocketChannel> ask(int how, int descriptor) throws IOException {
    var answer = new CompletableFuture<Optional<SocketChannel>>();
    lock.lock();
    try {
      wanted.put(descriptor, answer);
      requests.write(new byte[] {(byte) how, (byte) descriptor});
    } finally {
      lock.unlock();
    }
    try {
      return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while descriptor " + descriptor + " was opened", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("descriptor " + descriptor + " did not come", e);
    }
  }

  /**
   * Tells the client, which still passes on what was written, how long to wait for its readers;
   * when the program has ended.
   */
  void limits() throws IOException {
    for (var output : outputs.entrySet()) {
      Optional<Duration> limit = output.getValue().flatMap(DoorOutput::limit);
      if (limit.isPresent()) {
        byte descriptor = output.getKey().byteValue();
        requests.write(
            ByteBuffer.allocate(2 + Long.BYTES)
                .put((byte) Wire.LIMIT)
                .put(descriptor)
                .putLong(limit.get().toMillis())
                .array());
      }
    }
  }

  /** Ends all: what was written reaches the client before the exit status does. */
  @Override
  public void close() throws IOException {
    for (Optional<InputStream> stream : inputs.values()) {
      if (stream.isPresent()) {
        stream.get().close();
      }
    }
    for (Optional<DoorOutput> stream : outputs.values()) {
      if (stream.isPresent()) {
        stream.get().close();
      }
    }
  }
}
