package org.sluice.chain.internal;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * The filters that are on their way out, for whose successors transactions wait. An absence begins
 * before the generation without the filter is there, and lasts as long as the filter's transactions
 * do and a moment longer; so whoever finds neither the filter nor its absence may go on without.
 * Thread-safe; the lock is held for no wait.
 */
final class Absences {
  /** The longest that a waiter sleeps: whether the system stops is not told to anybody. */
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(100);

  private final List<Absence> absences = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicLong changes = new AtomicLong();

  /** One filter on its way out. */
  static final class Absence {
    private final FilterSettings gone;
    private final Set<Long> trials;
    private volatile long end;

    private Absence(FilterSettings gone, Set<Long> trials, long end) {
      this.gone = gone;
      this.trials = trials;
      this.end = end;
    }

    /** Whether a generation lacks it in a protocol's transactions, and nobody took its place. */
    private boolean concerns(Generation generation, String protocol) {
      return gone.scope().serves(protocol)
          && generation.filters().stream().map(Filter::settings).noneMatch(this::replacedBy);
    }

    private boolean replacedBy(FilterSettings other) {
      return other.name().equals(gone.name()) && !trials.contains(other.id());
    }
  }

  /**
   * A filter goes; nothing comes of one that nobody waits for.
   *
   * @param left the filters that stay: one of its name in shadow mode is no successor
   * @param most how long the absence lasts if nobody ends it
   */
  List<Absence> begin(FilterSettings gone, List<Filter> left, Duration most) {
    if (gone.shadow() || gone.scope().stages().stream().noneMatch(Stage::inTransaction)) {
      return List.of();
    }
    Set<Long> trials =
        left.stream()
            .map(Filter::settings)
            .filter(FilterSettings::shadow)
            .map(FilterSettings::id)
            .collect(Collectors.toSet());
    var absence = new Absence(gone, trials, System.nanoTime() + most.toNanos());
    absences.add(absence);
    return List.of(absence);
  }

  /** The transactions that had it have ended; for so long a successor may come. */
  void ended(Absence absence, Duration grace) {
    absence.end = System.nanoTime() + grace.toNanos();
    changed();
  }

  /** Whether a transaction is to wait, as this generation lacks a filter that may come back. */
  boolean concern(Generation generation, String protocol) {
    if (absences.isEmpty()) {
      return false;
    }
    long now = System.nanoTime();
    absences.removeIf(absence -> absence.end - now <= 0);
    return absences.stream().anyMatch(absence -> absence.concerns(generation, protocol));
  }

  /** Those who wait look again. */
  void changed() {
    lock.lock();
    try {
      changes.incrementAndGet();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** For {@link #await}: read before looking. */
  long changes() {
    return changes.get();
  }

  /** Returns when something has changed since, or after a moment. */
  void await(long since) throws InterruptedException {
    long left = LOOK;
    lock.lockInterruptibly();
    try {
      while (changes.get() == since && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
