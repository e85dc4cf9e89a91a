package org.sluice.delivery.maildir.internal;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.base.Leftovers;

/** Cleans the tmp of each Maildir that gets mail, once a day. */
final class Sweeper {
  private static final Duration INTERVAL = Duration.ofDays(1);

  /** Maildirs remembered; others are cleaned more often. */
  private static final int KEPT = 10_000;

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Path, Instant> last =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Instant> eldest) {
          return size() > KEPT;
        }
      };

  Sweeper(Clock clock) {
    this.clock = clock;
  }

  /** Cleans, if it is time. */
  void sweep(Path maildir) {
    Instant now = clock.instant();
    if (due(maildir, now)) {
      Leftovers.clean(maildir.resolve("tmp"), now);
    }
  }

  private boolean due(Path maildir, Instant now) {
    lock.lock();
    try {
      Instant before = last.get(maildir);
      if (before != null && before.plus(INTERVAL).isAfter(now)) {
        return false;
      }
      last.remove(maildir);
      last.put(maildir, now);
      return true;
    } finally {
      lock.unlock();
    }
  }
}
