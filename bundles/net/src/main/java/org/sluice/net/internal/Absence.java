package org.sluice.net.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what a listener waits for: once in the log, and in {@code run/NAME.waiting} as long as it
 * does. Thread-safe.
 */
final class Absence {
  private static final Logger LOG = LoggerFactory.getLogger(Absence.class);

  /** A bundle that is being replaced is not worth a word. */
  private static final long GRACE = Duration.ofSeconds(1).toNanos();

  private final ReentrantLock lock = new ReentrantLock();
  private Optional<Long> since = Optional.empty();
  private Optional<String> said = Optional.empty();
  private Optional<PortFile> file = Optional.empty();
  private boolean closed;

  /**
   * Looks at it, again and again.
   *
   * @param missing what the listener waits for
   * @param nanos by a clock like {@link System#nanoTime}
   */
  void look(Settings settings, Optional<String> missing, long nanos) {
    lock.lock();
    try {
      if (closed || missing.isEmpty()) {
        since = Optional.empty();
        unsay();
        return;
      }
      long start = since.orElse(nanos);
      since = Optional.of(start);
      var now = new PortFile(settings.home(), settings.portFile(), ".waiting");
      boolean same = said.equals(missing) && file.filter(now::same).isPresent();
      if (same) {
        // No descriptor or room may have been left.
        file.filter(f -> !f.isWritten()).ifPresent(f -> f.write(missing.get()));
      } else if (nanos - start >= GRACE) {
        unsay();
        LOG.error("{}: {}", settings.name(), missing.get());
        now.write(missing.get());
        said = missing;
        file = Optional.of(now);
      }
    } finally {
      lock.unlock();
    }
  }

  /** From now on nothing is said. */
  void close() {
    lock.lock();
    try {
      closed = true;
      unsay();
    } finally {
      lock.unlock();
    }
  }

  private void unsay() {
    file.ifPresent(PortFile::delete);
    file = file.filter(PortFile::isWritten); // else at the next look: it would say so for ever
    said = Optional.empty();
  }
}
