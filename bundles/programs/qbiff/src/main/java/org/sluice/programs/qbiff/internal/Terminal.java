package org.sluice.programs.qbiff.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.Threads;

/** A terminal that somebody may want notices on. */
record Terminal(Path device) {
  private static final Logger LOG = LoggerFactory.getLogger(Terminal.class);
  private static final int OWNER_EXECUTE = 0100;

  /** Whether it is this user's, who has said {@code biff y}. */
  boolean wants(String user) throws IOException {
    int mode = (Integer) Files.getAttribute(device, "unix:mode");
    return (mode & OWNER_EXECUTE) != 0 && Files.getOwner(device).getName().equals(user);
  }

  /**
   * Writes. A terminal may be stopped or hang, and the JVM cannot open it without blocking: that is
   * waited for so long only, by a thread of its own.
   */
  void write(byte[] notice, Duration limit) throws InterruptedException {
    var task =
        new FutureTask<Void>(
            () -> {
              try (var channel =
                  FileChannel.open(device, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
                channel.write(ByteBuffer.wrap(notice));
              }
              return null;
            });
    Threads.platform("sluice-qbiff-").newThread(task).start();
    try {
      task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("no notice on {}", device, e);
    } finally {
      task.cancel(true); // nothing if it has ended
    }
  }
}
