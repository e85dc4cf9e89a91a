package org.sluice.transports.qmqp.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of which each wait has a limit, a write's too, and ends at an interrupt. Used by one
 * thread.
 */
final class TimedChannel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TimedChannel.class);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final SocketChannel channel;
  private final SelectionKey key;

  private TimedChannel(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    this.key = channel.register(Selector.open(), 0);
  }

  /** A socket that is not connected yet. */
  static TimedChannel open() throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      return new TimedChannel(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Connects.
   *
   * @throws SocketTimeoutException if that takes too long
   */
  void connect(InetSocketAddress to, Duration limit) throws IOException, InterruptedException {
    boolean done = channel.connect(to);
    while (!done) {
      await(SelectionKey.OP_CONNECT, limit);
      done = channel.finishConnect();
    }
  }

  void write(byte[] octets) throws IOException, InterruptedException {
    write(octets, octets.length);
  }

  /** Writes all of them, each part within the limit. */
  void write(byte[] octets, int length) throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.wrap(octets, 0, length);
    while (buffer.hasRemaining()) {
      if (channel.write(buffer) == 0) {
        await(SelectionKey.OP_WRITE, LIMIT);
      }
    }
  }

  /** Some octets; -1 at the end. */
  int read(byte[] into) throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.wrap(into);
    int n = channel.read(buffer);
    while (n == 0) {
      await(SelectionKey.OP_READ, LIMIT);
      n = channel.read(buffer);
    }
    return n;
  }

  private void await(int operation, Duration limit) throws IOException, InterruptedException {
    key.interestOps(operation);
    long end = System.nanoTime() + limit.toNanos();
    while (key.selector().select(Math.max(1, (end - System.nanoTime()) / 1_000_000)) == 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (System.nanoTime() >= end) {
        throw new SocketTimeoutException("nothing within " + limit);
      }
    }
    key.selector().selectedKeys().clear();
  }

  /** Never fails: what the server has said counts. */
  @Override
  public void close() {
    try {
      key.selector().close();
      channel.close();
    } catch (IOException e) {
      LOG.debug("close: {}", e.toString());
    }
  }
}
