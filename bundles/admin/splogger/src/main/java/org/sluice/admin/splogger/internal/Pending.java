package org.sluice.admin.splogger.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lines on their way to logger(1), so that whoever writes the log does not have to wait for it. At
 * most {@value #LIMIT} octets; when they are full, what comes then is dropped. A logger that runs
 * is waited for before, for it may only be slower than a burst: but once, and not again until it
 * has taken something.
 *
 * <p>One thread puts; those of the loggers take.
 */
final class Pending {
  /** Octets, with the LFs: some thousands of qmail-send's lines. */
  static final int LIMIT = 262_144;

  /** Octets that are taken at once; a line is shorter. */
  private static final int BLOCK = 8_192;

  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> lines = new ArrayDeque<>();
  private int octets;
  private long taken;
  private Feed feed;
  private boolean absent;
  private boolean stuck;
  private boolean ended;

  /**
   * Empty.
   *
   * @param patience how long {@link #put} waits for a logger that takes nothing
   */
  Pending(Duration patience) {
    this.patience = patience;
  }

  /** Keeps a line, which ends in LF, or drops it; whether it was kept. */
  boolean put(byte[] line) throws InterruptedException {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (octets + line.length > LIMIT) {
        stuck |= left <= 0;
        if (stuck || absent) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      lines.add(line);
      octets += line.length;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** No more will come. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether no more will come. */
  boolean ended() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  /** Whether no more will come and all was taken. */
  boolean done() {
    lock.lock();
    try {
      return ended && lines.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for {@link #end}, but not longer than this. */
  void awaitEnd(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      long left = limit.toNanos();
      while (!ended && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many blocks were taken so far. */
  long taken() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** What the next logger reads. It is to be closed when that logger has ended. */
  Feed open() {
    lock.lock();
    try {
      feed = new Feed();
      absent = false;
      return feed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The lines from now on, as one logger reads them: a read waits for the first one and gives those
   * that are there. After the close there are none for it, whoever may still read: they are the
   * next logger's, which begins with a whole line.
   */
  final class Feed extends InputStream {
    private byte[] block = {};
    private int position;

    private Feed() {}

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (position == block.length) {
        block = next();
        position = 0;
        if (block.length == 0) {
          return -1;
        }
      }
      int n = Math.min(length, block.length - position);
      System.arraycopy(block, position, bytes, offset, n);
      position += n;
      return n;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (feed == this) {
          feed = null;
          absent = true;
          changed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }

    private boolean fits(int more) {
      return more + lines.element().length <= BLOCK;
    }

    /** Empty at the end. */
    private byte[] next() throws InterruptedIOException {
      lock.lock();
      try {
        while (feed == this && lines.isEmpty() && !ended) {
          changed.await();
        }
        var some = new ByteArrayOutputStream(BLOCK);
        while (feed == this && !lines.isEmpty() && (some.size() == 0 || fits(some.size()))) {
          some.writeBytes(lines.remove());
        }
        if (some.size() > 0) {
          octets -= some.size();
          taken++;
          stuck = false;
          changed.signalAll();
        }
        return some.toByteArray();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      } finally {
        lock.unlock();
      }
    }
  }
}
