package org.sluice.chain.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The present generation and the earlier ones that transactions still use. Thread-safe. */
final class Generations {
  private final Set<Generation> old = ConcurrentHashMap.newKeySet();
  private volatile Generation present = new Generation(List.of(), Map.of());

  Generation present() {
    return present;
  }

  /** The present generation, which stays as it is for the caller until it is released. */
  Generation pin() {
    while (true) {
      Generation generation = present;
      if (generation.pin()) {
        return generation;
      }
    }
  }

  void release(Generation generation) {
    if (generation.release()) {
      old.remove(generation);
    }
  }

  /** Makes a generation the present one. Called by one thread at a time. */
  void publish(Generation next) {
    Generation last = present;
    old.add(last);
    present = next; // before the last is retired: whoever finds it retired must find another
    if (last.retire()) {
      old.remove(last);
    }
  }

  /** All filters of earlier generations in use. */
  Stream<Filter> oldFilters() {
    return old.stream().flatMap(generation -> generation.filters().stream());
  }

  /** Waits for the users of earlier generations that have one of these filters. */
  void drain(Set<Filter> filters, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    try {
      for (Generation generation : old) {
        if (generation.filters().stream().anyMatch(filters::contains)
            && !generation.await(end - System.nanoTime())) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // whoever removes the filter cannot wait
    }
  }
}
