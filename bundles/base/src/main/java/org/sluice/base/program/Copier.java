package org.sluice.base.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.Threads;

/**
 * Copies a stream on a thread of its own, each block at once, for an interactive peer waits for it.
 * Copying may fail: a program need not read all, and its reader need not either.
 */
final class Copier {
  private static final Logger LOG = LoggerFactory.getLogger(Copier.class);
  private static final int BLOCK = 16_384;

  /** Makes a stream when the copying begins, for opening a named pipe takes two. */
  @FunctionalInterface
  interface Source<T> {
    T open() throws IOException;
  }

  private final Thread thread;

  /** Whether all is waited for, see {@link CopiedOutput}. */
  private final boolean whole;

  private volatile boolean busy;

  /** Since when the reader has taken nothing, while busy. */
  private volatile long since;

  private Copier(boolean whole, Copying work) {
    this.whole = whole;
    this.thread =
        Threads.platform("program-copy-")
            .newThread(
                () -> {
                  try {
                    work.run(this);
                  } catch (IOException e) {
                    LOG.debug("copying ended: {}", e.toString());
                  } finally {
                    busy = false;
                  }
                });
    thread.start();
  }

  private interface Copying {
    void run(Copier copier) throws IOException;
  }

  /** To a program, which sees the end when the stream ends. */
  static Copier feed(InputStream from, Source<OutputStream> to) {
    return new Copier(
        false,
        copier -> {
          try (var out = to.open()) {
            copier.pass(from, out);
          }
        });
  }

  /** From a program, whose end of the pipe is closed when nobody takes its output. */
  static Copier drain(Source<InputStream> from, OutputStream to) {
    return new Copier(
        to instanceof CopiedOutput,
        copier -> {
          try (var in = from.open()) {
            copier.pass(in, to);
          }
        });
  }

  private void pass(InputStream from, OutputStream to) throws IOException {
    byte[] block = new byte[BLOCK];
    for (int n = from.read(block); n >= 0; n = from.read(block)) {
      since = System.nanoTime();
      busy = true;
      to.write(block, 0, n);
      to.flush();
      busy = more(from);
    }
  }

  private static boolean more(InputStream from) {
    try {
      return from.available() > 0;
    } catch (IOException e) {
      return false; // a named pipe has no position to tell it by
    }
  }

  /**
   * Waits for the end of a program's output. A reader that takes its time gets all of it; a child
   * that was left behind and holds the pipe open has only this long, unless it is a {@link
   * CopiedOutput}.
   *
   * @param linger after which a reader that takes nothing is given up
   * @param deadline after which a child that was left behind is
   * @return false if the deadline has passed
   */
  boolean await(long millis, Optional<Duration> linger, Optional<Instant> deadline)
      throws InterruptedException {
    thread.join(millis);
    while (thread.isAlive() && (busy ? !over(linger) : whole)) {
      if (whole && deadline.isPresent() && !Instant.now().isBefore(deadline.get())) {
        return false;
      }
      thread.join(millis);
    }
    return true;
  }

  /** Gives up what is left behind, so that its next write fails. */
  void leave() {
    if (whole) {
      thread.interrupt(); // which closes the pipe, for it is a channel's
    }
  }

  private boolean over(Optional<Duration> linger) {
    return linger.isPresent() && System.nanoTime() - since > linger.get().toNanos();
  }
}
