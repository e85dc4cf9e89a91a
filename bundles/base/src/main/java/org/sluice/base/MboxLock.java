package org.sluice.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
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
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** Older dot-locks belong to programs that died; they are removed. */
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

  /**
   * Creates the dot-lock: whether it is ours; false if the directory does not let us, which must
   * not matter. What a program that died left is removed.
   */
  public static boolean dotLock(Path lock, long deadline) throws InterruptedException, TimedOut {
    while (true) {
      try {
        Files.createFile(lock, PRIVATE);
        return true;
      } catch (FileAlreadyExistsException e) {
        if (stale(lock)) {
          LOG.warn("removed {}, which is older than {}", lock, STALE);
          if (!removed(lock)) {
            return false;
          }
          continue;
        }
      } catch (IOException e) {
        LOG.debug("no dot-lock {}", lock, e);
        return false;
      }
      pause(deadline);
    }
  }

  /**
   * Takes the record lock; false if the file system has none, as qmail then goes on unlocked. It
   * ends when the channel is closed, or any other of this JVM on the file.
   */
  public static boolean fileLock(FileChannel channel, long deadline)
      throws InterruptedException, TimedOut {
    while (true) {
      try {
        if (recordLock(channel)) {
          return true;
        }
      } catch (IOException e) {
        LOG.debug("locking is not supported", e);
        return false;
      }
      pause(deadline);
    }
  }

  /**
   * Takes the record lock, and flock(2)'s where this JVM can. Other files than mailboxes, which
   * qmail locks so too, have it from here.
   *
   * @return what to close after the channel; whether there is a lock at all
   */
  public static Held fileLocks(FileChannel channel, Path file, long deadline)
      throws InterruptedException, TimedOut {
    Optional<Flock> flock = Flock.open(file);
    boolean done = false;
    try {
      while (true) {
        try {
          if (both(channel, flock)) {
            done = true;
            return new Held(Optional.empty(), flock);
          }
        } catch (IOException e) {
          LOG.debug("locking is not supported", e);
          done = true;
          return new Held(Optional.of(e), flock);
        }
        pause(deadline);
      }
    } finally {
      if (!done) {
        flock.ifPresent(Flock::close);
      }
    }
  }

  private static boolean both(FileChannel channel, Optional<Flock> flock) throws IOException {
    if (flock.isPresent() && !flock.get().tryLock()) {
      return false;
    }
    if (recordLock(channel)) {
      return true;
    }
    if (flock.isEmpty()) {
      return false;
    }
    // On NFS both are the same lock, and our own flock may be what is in the way.
    flock.get().unlock();
    return recordLock(channel);
  }

  private static boolean recordLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      LOG.debug("locked by another user of this JVM", e);
      return false;
    }
  }

  private static boolean removed(Path lock) {
    try {
      Files.deleteIfExists(lock);
      return true;
    } catch (IOException e) {
      LOG.debug("cannot remove {}", lock, e);
      return false;
    }
  }

  /** The locks on a file itself. */
  public static final class Held implements AutoCloseable {
    private final Optional<IOException> failure;
    private final Optional<Flock> flock;

    private Held(Optional<IOException> failure, Optional<Flock> flock) {
      this.failure = failure;
      this.flock = flock;
    }

    /** Whether the file is locked; if not, the file system has no locks. */
    public boolean locked() {
      return failure.isEmpty();
    }

    /** What the system said when it did not lock the file. */
    public Optional<IOException> failure() {
      return failure;
    }

    @Override
    public void close() {
      flock.ifPresent(Flock::close);
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
