package org.sluice.tools.door.internal;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.ExitCode;
import org.sluice.api.program.ProgramHost;
import org.sluice.tools.door.client.ChannelStreams;
import org.sluice.tools.door.client.Wire;

/** One program run for a client: its words, and its descriptors as they are asked for. */
final class Call implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Call.class);

  private final DataInputStream in;
  private final OutputStream out;
  private final long token;
  private final CallDescriptors descriptors;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean over;

  Call(SocketChannel channel, DataInputStream in, long token) {
    this.in = in;
    this.out = ChannelStreams.output(channel);
    this.token = token;
    this.descriptors = new CallDescriptors(out);
  }

  /** A descriptor has come; false if nobody asked for it. */
  boolean offer(int descriptor, SocketChannel channel, boolean isOpen) {
    return descriptors.offer(descriptor, channel, isOpen);
  }

  void run(ProgramHost programs, ExecutorService threads) throws IOException {
    String directory = Wire.read(in).get(0);
    List<String> words = Wire.read(in);
    Map<String, String> environment = new HashMap<>();
    for (String pair : Wire.read(in)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        environment.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    out.write(ByteBuffer.allocate(Long.BYTES).putLong(token).array());
    Thread runner = Thread.currentThread();
    Future<?> watch = threads.submit(() -> watch(runner));
    int status = ExitCode.TEMPORARY;
    int what = Wire.EXIT;
    try {
      if (programs.has(words.get(0))) {
        Path path = Path.of(new String(octets(directory), StandardCharsets.UTF_8));
        status =
            programs
                .execution(words)
                .descriptors(descriptors)
                .environment(environment)
                .directory(path)
                .run();
      } else {
        what = Wire.NONE;
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      LOG.warn("{}: ended by {}", words.get(0), e.toString());
      say(words.get(0) + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()));
    } finally {
      end();
      watch.cancel(false);
      Thread.interrupted(); // it meant the program; the status still goes out
    }
    descriptors.limits();
    descriptors.close();
    out.write(new byte[] {(byte) what, (byte) status});
  }

  private void say(String text) throws IOException {
    var err = descriptors.output(2);
    if (err.isPresent()) {
      err.get().write(octets(text + "\n"));
    }
  }

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void end() {
    lock.lock();
    try {
      over = true;
    } finally {
      lock.unlock();
    }
  }

  /** The client sends nothing more: the end of its stream means that it was killed. */
  private void watch(Thread runner) {
    try {
      in.read();
    } catch (IOException e) {
      LOG.debug("door: client lost", e);
    }
    lock.lock();
    try {
      if (!over) {
        runner.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    descriptors.close();
  }
}
