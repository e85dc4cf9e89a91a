package org.sluice.tools.door.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one descriptor of this process over a connection of its own, on a thread of its own.
 * Whatever fails, the connection is closed, from which the other side learns it.
 */
final class Carrier {
  private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);
  private static final int BLOCK = 16_384;

  private interface Work {
    void run(Carrier carrier) throws IOException;
  }

  private final SocketChannel channel;
  private final Thread thread;

  /** Written by the thread only: since when it has been writing, if it is. */
  private volatile long since;

  private volatile boolean writing;

  private Carrier(SocketChannel channel, Work work) {
    this.channel = channel;
    thread =
        new Thread(
            () -> {
              try (channel) {
                work.run(this);
              } catch (IOException e) {
                LOG.debug("copying ended", e);
              }
            },
            "copy");
    thread.setDaemon(true);
    thread.start();
  }

  /** From a descriptor to the server. */
  static Carrier in(InputStream from, SocketChannel channel) {
    return new Carrier(channel, carrier -> Blocks.send(from, ChannelStreams.output(channel)));
  }

  /** From the server to a descriptor. */
  static Carrier out(OutputStream to, SocketChannel channel) {
    return new Carrier(channel, carrier -> carrier.pass(ChannelStreams.input(channel), to));
  }

  private void pass(InputStream from, OutputStream to) throws IOException {
    byte[] block = new byte[BLOCK];
    for (int n = from.read(block); n >= 0; n = from.read(block)) {
      since = System.nanoTime();
      writing = true;
      to.write(block, 0, n);
      to.flush();
      writing = false;
    }
  }

  /** Waits until all has been written. */
  void await() throws InterruptedException {
    thread.join();
  }

  /**
   * Waits until all has been written, or its reader has taken nothing for so long, which counts
   * from before the call.
   */
  void await(Duration limit) throws InterruptedException {
    long now = System.nanoTime();
    long end = now + limit.toNanos();
    while (thread.isAlive() && end - now > 0) {
      TimeUnit.NANOSECONDS.timedJoin(thread, end - now);
      now = System.nanoTime();
      end = writing ? since + limit.toNanos() : end;
    }
  }

  /** Ends it; returns when it reads no more, or after so long. */
  void end(long millis) throws IOException, InterruptedException {
    channel.close();
    thread.join(millis);
  }
}
