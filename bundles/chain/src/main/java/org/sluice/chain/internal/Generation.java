package org.sluice.chain.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The filters of one moment, in order; transactions pin it while they last. Immutable but for that.
 */
final class Generation {
  /** Added to the count of users when the generation is retired: nobody pins it any more. */
  private static final int RETIRED = Integer.MIN_VALUE;

  private final List<Filter> filters;
  private final Map<String, Scope> missing;
  private final Map<String, Plan> plans = new HashMap<>();
  private final Plan others;
  private final AtomicInteger users = new AtomicInteger();
  private final CountDownLatch free = new CountDownLatch(1);

  /**
   * The filters and what lacks.
   *
   * @param filters in order
   * @param missing the names of required filters that are not there, and where they would be asked
   */
  Generation(List<Filter> filters, Map<String, Scope> missing) {
    this.filters = List.copyOf(filters);
    this.missing = Map.copyOf(missing);
    filters.forEach(f -> plans(f.settings().scope()));
    missing.values().forEach(this::plans);
    others = new Plan(scope -> scope.protocols().isEmpty(), this.filters, this.missing);
  }

  private void plans(Scope scope) {
    for (String protocol : scope.protocols()) {
      plans.computeIfAbsent(protocol, p -> new Plan(s -> s.serves(p), filters, missing));
    }
  }

  List<Filter> filters() {
    return filters;
  }

  Map<String, Scope> missing() {
    return missing;
  }

  /** What holds for a protocol. */
  Plan plan(String protocol) {
    return plans.getOrDefault(protocol, others);
  }

  /** Counts one more user; false if it has been retired, so that a newer one is to be taken. */
  boolean pin() {
    if (filters.isEmpty()) {
      return true; // nobody waits for the end of its users
    }
    int count = users.get();
    while (count >= 0) {
      if (users.compareAndSet(count, count + 1)) {
        return true;
      }
      count = users.get();
    }
    return false;
  }

  /** Counts one user less; true if it was the last of a retired one. */
  boolean release() {
    return !filters.isEmpty() && freed(users.decrementAndGet());
  }

  /** Nobody pins it from now on; true if nobody uses it any more. */
  boolean retire() {
    return freed(users.addAndGet(RETIRED));
  }

  private boolean freed(int count) {
    if (count == RETIRED) {
      free.countDown();
    }
    return count == RETIRED;
  }

  /** Waits until nobody uses a retired one; false if the time is up first. */
  boolean await(long nanos) throws InterruptedException {
    return free.await(nanos, TimeUnit.NANOSECONDS);
  }
}
