package org.sluice.base;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
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
public final class TimedChannel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TimedChannel.class);

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Duration limit;

  private TimedChannel(SocketChannel channel, Duration limit) throws IOException {
    this.channel = channel;
    this.limit = limit;
    channel.configureBlocking(false);
    this.key = channel.register(Selector.open(), 0);
  }

  /**
   * A TCP socket that is not connected yet; the limit is for each read and each part of a write.
   */
  public static TimedChannel tcp(Duration limit) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      return new TimedChannel(channel, limit);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** A UNIX-domain socket that is not connected yet. */
  public static TimedChannel unix(Duration limit) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      return new TimedChannel(channel, limit);
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
  public void connect(SocketAddress to, Duration longest) throws IOException, InterruptedException {
    boolean done = channel.connect(to);
    while (!done) {
      await(SelectionKey.OP_CONNECT, longest);
      done = channel.finishConnect();
    }
  }

  /** Writes all of them. */
  public void write(byte[] octets) throws IOException, InterruptedException {
    write(octets, octets.length);
  }

  /** Writes all of them, each part within the limit. */
  public void write(byte[] octets, int length) throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.wrap(octets, 0, length);
    while (buffer.hasRemaining()) {
      if (channel.write(buffer) == 0) {
        await(SelectionKey.OP_WRITE, limit);
      }
    }
  }

  /** Some octets; -1 at the end. */
  public int read(byte[] into) throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.wrap(into);
    int n = channel.read(buffer);
    while (n == 0) {
      await(SelectionKey.OP_READ, limit);
      n = channel.read(buffer);
    }
    return n;
  }

  private void await(int operation, Duration longest) throws IOException, InterruptedException {
    key.interestOps(operation);
    long end = System.nanoTime() + longest.toNanos();
    while (key.selector().select(Math.max(1, (end - System.nanoTime()) / 1_000_000)) == 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (System.nanoTime() >= end) {
        throw new SocketTimeoutException("nothing within " + longest);
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
