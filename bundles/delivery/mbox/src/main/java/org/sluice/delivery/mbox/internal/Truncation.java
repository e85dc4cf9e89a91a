package org.sluice.delivery.mbox.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sluice.base.Threads;

/** Cuts a mailbox back to its length before, whatever happens to the delivery's thread. */
final class Truncation {
  private static final long LIMIT_SECONDS = 60;

  private Truncation() {}

  /** In a thread that nobody interrupts, since an interrupt closes the channel it meets. */
  static void to(FileChannel channel, long end) throws IOException {
    var work =
        new FutureTask<Void>(
            () -> {
              channel.truncate(end);
              return null;
            });
    Threads.platform("sluice-mbox-truncate-").newThread(work).start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          work.get(LIMIT_SECONDS, TimeUnit.SECONDS);
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the mailbox cannot be cut back to " + end + " octets", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
