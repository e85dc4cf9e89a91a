package org.sluice.chain.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Keeps a failing filter from being called. Closed: it is called. Open, after so many failures in
 * the window: it is not, for the length of the window. Then one call is tried, which closes it or
 * opens it again. Calls that began before it opened do not move it.
 */
final class Breaker {
  /**
   * When it opens.
   *
   * @param failures so many
   * @param window within this time, for which it then stays open
   */
  record Limit(int failures, Duration window) {
    static final Limit DEFAULT = new Limit(10, Duration.ofSeconds(60));
    private static final Pattern FORM = Pattern.compile("(\\d{1,4})/(\\d{1,5})s");

    /** {@code 10/60s}; empty if it is not of that form, or a number is 0. */
    static Optional<Limit> parse(String text) {
      var matcher = FORM.matcher(text);
      if (!matcher.matches()) {
        return Optional.empty();
      }
      var limit =
          new Limit(
              Integer.parseInt(matcher.group(1)),
              Duration.ofSeconds(Long.parseLong(matcher.group(2))));
      return limit.failures > 0 && !limit.window.isZero() ? Optional.of(limit) : Optional.empty();
    }

    @Override
    public String toString() {
      return failures + "/" + window.toSeconds() + "s";
    }
  }

  /** Whether a call may be made; given back with its outcome. */
  enum Permit {
    REFUSED,
    NORMAL,
    TRIAL
  }

  private final Optional<Limit> limit;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();

  /** When the last failures were: a ring. */
  private final long[] failures;

  private long failed;
  private long opened;
  private boolean trying;
  private volatile boolean open;

  Breaker(Optional<Limit> limit, LongSupplier nanoTime) {
    this.limit = limit;
    this.nanoTime = nanoTime;
    this.failures = new long[limit.map(Limit::failures).orElse(0)];
  }

  Permit enter() {
    if (!open) {
      return Permit.NORMAL;
    }
    lock.lock();
    try {
      if (!open) {
        return Permit.NORMAL;
      }
      if (trying || left() > 0) {
        return Permit.REFUSED;
      }
      trying = true;
      return Permit.TRIAL;
    } finally {
      lock.unlock();
    }
  }

  /** The call went well; true if that closed the breaker. */
  boolean succeeded(Permit permit) {
    return permit == Permit.TRIAL && tried(false);
  }

  /** The call failed; true if that opened the breaker. */
  boolean failed(Permit permit) {
    if (permit == Permit.TRIAL) {
      return tried(true);
    }
    if (limit.isEmpty()) {
      return false;
    }
    lock.lock();
    try {
      if (open) {
        return false;
      }
      long now = nanoTime.getAsLong();
      failures[(int) (failed % failures.length)] = now;
      failed++;
      long oldest = failures[(int) (failed % failures.length)];
      if (failed < failures.length || now - oldest > limit.get().window().toNanos()) {
        return false;
      }
      opened = now;
      open = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The call ended without showing whether the filter works. */
  void left(Permit permit) {
    if (permit == Permit.TRIAL) {
      lock.lock();
      try {
        trying = false;
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean tried(boolean again) {
    lock.lock();
    try {
      trying = false;
      failed = 0;
      opened = nanoTime.getAsLong();
      open = again;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private long left() {
    return opened + limit.orElseThrow().window().toNanos() - nanoTime.getAsLong();
  }

  /** How long it stays open; zero while a call is tried or due; empty if it is closed. */
  Optional<Duration> open() {
    lock.lock();
    try {
      return open ? Optional.of(Duration.ofNanos(Math.max(0, left()))) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }
}
