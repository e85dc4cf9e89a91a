package org.sluice.delivery.command.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a program's output to its end and keeps the beginning of it. */
final class Output implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Output.class);

  /** A little more than a report may have, so that the report is seen to be too long. */
  private static final int KEPT = 4096;

  private final InputStream in;
  private final StringBuilder text = new StringBuilder();
  private final ReentrantLock lock = new ReentrantLock();
  private final CountDownLatch end = new CountDownLatch(1);

  Output(InputStream in) {
    this.in = in;
  }

  @Override
  public void run() {
    byte[] block = new byte[4096];
    try (in) {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        lock.lock();
        try {
          int take = Math.min(n, KEPT - text.length());
          text.append(new String(block, 0, take, StandardCharsets.ISO_8859_1));
        } finally {
          lock.unlock();
        }
      }
    } catch (IOException e) {
      LOG.debug("output ended early", e); // the process was killed
    } finally {
      end.countDown();
    }
  }

  /** What there is, after waiting a little for the end: a background child may keep it open. */
  String text(long millis) throws InterruptedException {
    if (!end.await(millis, TimeUnit.MILLISECONDS)) {
      LOG.debug("a background process still holds the output");
    }
    lock.lock();
    try {
      return text.toString();
    } finally {
      lock.unlock();
    }
  }
}
