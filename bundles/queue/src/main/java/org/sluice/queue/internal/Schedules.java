package org.sluice.queue.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.RetrySchedule;
import org.sluice.api.store.Lease;
import org.sluice.base.Period;
import org.sluice.base.RankedServices;

/**
 * When mail is tried again that a delivery has put off: what the best {@link RetrySchedule} that
 * has an answer says, within bounds, else what qmail's says. Thread-safe.
 */
final class Schedules {
  private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);
  private static final Duration DRAIN = Duration.ofSeconds(30);

  /** Or mail would be tried in a loop. */
  private static final Duration SOONEST = Duration.ofSeconds(1);

  private final RankedServices<RetrySchedule> services = new RankedServices<>(DRAIN);
  private final Period complaints;

  Schedules(LongSupplier nanoTime) {
    complaints = new Period(Duration.ofMinutes(1), nanoTime);
  }

  void add(RetrySchedule schedule, Map<String, Object> properties) {
    services.add(schedule, properties);
  }

  /** Returns when no call is inside it. */
  void remove(RetrySchedule schedule) {
    if (!services.remove(schedule)) {
      LOG.warn("retry schedule {} left while it was asked; its calls were interrupted", schedule);
    }
  }

  boolean isEmpty() {
    return services.isEmpty();
  }

  /**
   * When to try again. Throws nothing, and leaves the calling thread without an interrupt, since
   * that was meant for a schedule.
   *
   * @param usual what qmail's schedule says
   * @param end when the message is given up
   */
  Instant next(Lease lease, Instant now, Instant usual, Instant end) {
    try {
      Instant latest = end.isAfter(usual) ? end : usual;
      return services
          .ask(schedule -> schedule.next(lease, now, usual).map(at -> checked(schedule, at, now)))
          .map(at -> at.isAfter(latest) ? latest : at)
          .orElse(usual);
    } catch (Throwable e) { // also what a class that is gone, or too deep a recursion, throws
      if (complaints.begins()) {
        Quietly.warn("a retry schedule fails; qmail's holds", e);
      }
      return usual;
    } finally {
      Thread.interrupted();
    }
  }

  private static Instant checked(RetrySchedule schedule, Instant at, Instant now) {
    if (!at.isAfter(now)) {
      throw new IllegalStateException(schedule + ": " + at + " is not later than " + now);
    }
    Instant soonest = now.plus(SOONEST);
    return at.isBefore(soonest) ? soonest : at;
  }
}
