package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A channel that an interrupt does not close for everybody: it is opened anew, the operation is
 * done, and the thread finds itself interrupted behind it.
 */
final class SturdyChannel implements AutoCloseable {
  /** What is done with the channel; may be done again. */
  interface Action {
    long run(FileChannel channel) throws IOException;
  }

  private final Path path;
  private final OpenOption option;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile FileChannel channel;
  private boolean closed;

  /** Opens at the first use. */
  SturdyChannel(Path path, OpenOption option) {
    this.path = path;
    this.option = option;
  }

  /** Begins with an open channel. */
  SturdyChannel(Path path, OpenOption option, FileChannel channel) {
    this(path, option);
    this.channel = channel;
  }

  /** For positional reads and writes. */
  long repeat(Action action) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        interrupted |= Thread.interrupted();
        try {
          return action.run(channel());
        } catch (ClosedChannelException e) {
          if (isClosed()) {
            throw e;
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** For a force: whether one that was cut off by an interrupt has succeeded nobody can tell. */
  void once(Action action) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      action.run(channel());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private FileChannel channel() throws IOException {
    FileChannel now = channel;
    if (now != null && now.isOpen()) {
      return now;
    }
    lock.lock();
    try {
      if (closed) {
        throw new ClosedChannelException();
      }
      if (channel == null || !channel.isOpen()) {
        channel = FileChannel.open(path, option);
      }
      return channel;
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      if (channel != null) {
        channel.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
