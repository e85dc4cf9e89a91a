package org.sluice.delivery.command.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on what a program prints, as it comes, however much that is. */
final class Output implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Output.class);
  private final InputStream in;
  private final OutputStream to;
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile boolean detached;

  Output(InputStream in, OutputStream to) {
    this.in = in;
    this.to = to;
  }

  @Override
  public void run() {
    byte[] block = new byte[8192];
    // Closed at the end: a program that goes on printing to a reader that has gone gets SIGPIPE.
    try (in) {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        if (!detached) {
          to.write(block, 0, n);
          to.flush();
        }
      }
    } catch (IOException e) {
      LOG.debug("output ended early: {}", e.toString());
    } finally {
      end.countDown();
    }
  }

  /**
   * Waits a little for the end. A child that the program left in the background may keep the output
   * open; what it prints later goes nowhere, and may end it with SIGPIPE, as the JVM closes its own
   * end of the pipe when the program has ended.
   */
  void finish(long millis) throws InterruptedException {
    try {
      if (!end.await(millis, TimeUnit.MILLISECONDS)) {
        LOG.debug("a background process still holds the output");
      }
    } finally {
      detached = true;
    }
  }
}
