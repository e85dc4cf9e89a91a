package org.sluice.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.ProgramContext;

/**
 * Locks of mailboxes: one for this JVM, since the system's record locks do not exclude threads of
 * one process and go when any descriptor of the file is closed; and against others a dot-lock, as
 * far as the directory allows it, and the record lock.
 */
public final class MboxLock {
  private static final Logger LOG = LoggerFactory.getLogger(MboxLock.class);
  private static final long POLL_MILLIS = 50;

  /** Older dot-locks belong to programs that died; they are ignored, not removed. */
  private static final Duration STALE = Duration.ofMinutes(5);

  private static final Duration LONGEST = Duration.ofDays(1);

  private final ReentrantLock[] stripes = new ReentrantLock[64];
  private final Duration limit;

  /** Waits so long at most. */
  public MboxLock(Duration limit) {
    this.limit = limit;
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = new ReentrantLock();
    }
  }

  /** What a mailbox's deliveries in this JVM exclude each other with; another may share it. */
  public ReentrantLock stripe(Path path) throws IOException {
    Path real = Files.exists(path) ? path.toRealPath() : absent(path);
    return stripes[Math.floorMod(real.hashCode(), stripes.length)];
  }

  private static Path absent(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    return parent == null ? path : parent.toRealPath().resolve(path.getFileName());
  }

  /** The instant (nanoTime) at which waiting ends. */
  public long deadline() {
    return System.nanoTime() + limit.toNanos();
  }

  /** The same for a program that waits without limit: its caller's, else a day. */
  public static long deadline(ProgramContext context) {
    Duration left =
        context.deadline().map(at -> Duration.between(Instant.now(), at)).orElse(LONGEST);
    return System.nanoTime() + (left.compareTo(LONGEST) < 0 ? left : LONGEST).toNanos();
  }

  /** Takes the stripe in time. */
  public static boolean take(ReentrantLock stripe, long deadline) throws InterruptedException {
    return stripe.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  /** Creates the dot-lock: whether it is ours, false if that cannot be had and must not matter. */
  public static boolean dotLock(Path lock, long deadline) throws InterruptedException, TimedOut {
    while (true) {
      try {
        Files.createFile(lock);
        return true;
      } catch (FileAlreadyExistsException e) {
        if (stale(lock)) {
          return false;
        }
      } catch (IOException e) {
        LOG.debug("no dot-lock {}", lock, e);
        return false;
      }
      pause(deadline);
    }
  }

  /** Takes the record lock; false if the file system has none, as qmail then goes on unlocked. */
  public static boolean fileLock(FileChannel channel, long deadline)
      throws InterruptedException, TimedOut {
    while (true) {
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return true; // released when the channel is closed
        }
      } catch (OverlappingFileLockException e) {
        LOG.debug("locked by another user of this JVM", e);
      } catch (IOException e) {
        LOG.debug("locking is not supported", e);
        return false;
      }
      pause(deadline);
    }
  }

  private static boolean stale(Path lock) {
    try {
      long age = System.currentTimeMillis() - Files.getLastModifiedTime(lock).toMillis();
      return age > STALE.toMillis();
    } catch (IOException e) {
      return false; // it went meanwhile
    }
  }

  /** Other processes cannot wake us, so their locks are polled. */
  private static void pause(long deadline) throws InterruptedException, TimedOut {
    if (System.nanoTime() >= deadline) {
      throw new TimedOut();
    }
    Thread.sleep(POLL_MILLIS);
  }

  /** The lock was not to be had in time. */
  public static final class TimedOut extends Exception {
    private static final long serialVersionUID = 1L;
  }
}
