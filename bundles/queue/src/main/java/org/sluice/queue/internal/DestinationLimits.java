package org.sluice.queue.internal;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.control.Control;

/**
 * How many deliveries to one destination, the domain of a recipient, run at once and begin in a
 * minute (control/destinationlimits). qmail has no such limits, and where the file is missing there
 * is none.
 *
 * <p>It has lines like those of smtproutes, {@code domain:at a time:in a minute}, of which the last
 * one for a domain counts. {@code .domain} is all below it, and no domain all others; each
 * destination is counted by itself.
 */
final class DestinationLimits {
  private static final Logger LOG = LoggerFactory.getLogger(DestinationLimits.class);
  static final String FILE = "destinationlimits";
  private static final int MINUTE_MILLIS = 60_000;

  private final LongSupplier millis;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Use> uses = new HashMap<>();
  private Map<String, String> read = Map.of();
  private Map<String, DestinationLimit> limits = Map.of();

  /**
   * None, until they are read.
   *
   * @param millis the time of day
   */
  DestinationLimits(LongSupplier millis) {
    this.millis = millis;
  }

  /** One destination that is delivered to, or was within the last minute. */
  private final class Use {
    private final DestinationLimit limit;
    private int busy;
    private double tokens;
    private long filled;

    Use(DestinationLimit limit) {
      this.limit = limit;
      tokens = most();
      filled = millis.getAsLong();
    }

    /** So many may begin at once after a pause: what a second may have. */
    private double most() {
      return Math.max(1, limit.perMinute() / 60.0);
    }

    private void fill() {
      long now = millis.getAsLong();
      double more = (double) Math.max(0, now - filled) * limit.perMinute() / MINUTE_MILLIS;
      tokens = Math.min(most(), tokens + more);
      filled = now;
    }

    /** What it has had counts under another limit, too: a change gives nobody one more. */
    Use under(DestinationLimit other) {
      fill();
      var next = new Use(other);
      next.busy = busy;
      next.tokens = Math.min(next.tokens, tokens);
      return next;
    }

    boolean free() {
      return busy < limit.deliveries() && untilToken() == 0;
    }

    /** Milliseconds. */
    long untilToken() {
      fill();
      return tokens >= 1
          ? 0
          : Math.max(1, (long) Math.ceil((1 - tokens) * MINUTE_MILLIS / limit.perMinute()));
    }

    boolean isOver() {
      fill();
      return busy == 0 && tokens >= most();
    }
  }

  /** A delivery to a destination. */
  interface Place {
    /** Of one that has no limit. */
    Place ANY = () -> false;

    /** It is over; whether others may have waited for that. Once, by any thread. */
    boolean release();
  }

  /**
   * Looks whether the limits have changed. Deliveries under way count for the new ones, unless
   * their destination had none.
   */
  void read(Control control) throws IOException {
    Map<String, String> lines = control.map(FILE).orElse(Map.of());
    if (lines.equals(read)) { // which for some seconds it may be without being the same
      return;
    }
    var next = new HashMap<String, DestinationLimit>();
    lines.forEach((domain, text) -> parse(domain, text).ifPresent(one -> next.put(domain, one)));
    lock.lock();
    try {
      read = lines;
      limits = next;
      uses.replaceAll((destination, use) -> use.under(DestinationLimit.of(destination, next)));
    } finally {
      lock.unlock();
    }
  }

  private static Optional<DestinationLimit> parse(String domain, String text) {
    try {
      return Optional.of(DestinationLimit.parse(text));
    } catch (IllegalArgumentException e) {
      LOG.error(
          "control/{}: {}:{}: {}; wanted is domain:at a time:in a minute, the line is ignored",
          FILE,
          domain,
          text,
          e.getMessage());
      return Optional.empty();
    }
  }

  /** Whether no destination has a limit, which takes no time to say. */
  boolean none() {
    return limits.isEmpty();
  }

  /** Whether one more may begin. */
  boolean free(String destination) {
    lock.lock();
    try {
      Use use = uses.get(destination);
      return use == null || use.free();
    } finally {
      lock.unlock();
    }
  }

  /** One more begins. */
  Place take(String destination) {
    lock.lock();
    try {
      DestinationLimit limit = DestinationLimit.of(destination, limits);
      if (limit.equals(DestinationLimit.NONE)) {
        return Place.ANY;
      }
      Use use = uses.computeIfAbsent(destination, name -> new Use(limit));
      use.busy++;
      use.tokens--;
      return () -> release(destination);
    } finally {
      lock.unlock();
    }
  }

  private boolean release(String destination) {
    lock.lock();
    try {
      Use use = uses.get(destination);
      boolean wanted = use.busy-- >= use.limit.deliveries();
      if (use.isOver()) {
        uses.remove(destination);
      }
      return wanted;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The destinations that may have no more at the moment; forgets those that have had their time.
   */
  Set<String> capped() {
    if (none()) {
      return Set.of();
    }
    lock.lock();
    try {
      uses.values().removeIf(Use::isOver);
      return uses.entrySet().stream()
          .filter(one -> !one.getValue().free())
          .map(Map.Entry::getKey)
          .collect(Collectors.toUnmodifiableSet());
    } finally {
      lock.unlock();
    }
  }

  /** In how many milliseconds one will be free by itself; {@link Long#MAX_VALUE} if none will. */
  long millisUntilFree() {
    if (none()) {
      return Long.MAX_VALUE;
    }
    lock.lock();
    try {
      return uses.values().stream()
          .filter(use -> use.busy < use.limit.deliveries())
          .mapToLong(Use::untilToken)
          .filter(wait -> wait > 0)
          .min()
          .orElse(Long.MAX_VALUE);
    } finally {
      lock.unlock();
    }
  }
}
