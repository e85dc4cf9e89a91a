package org.sluice.queue.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.sluice.api.store.LeasedRecipient;

/**
 * Recipients that were taken from their passes and whose destination may have no more deliveries at
 * the moment. Destinations take turns. As long as one has recipients here, more are not leased for
 * it, so their number is that of a few messages for each. Touched by the dispatcher alone.
 */
final class HeldRecipients {
  /** As many as Postfix keeps in memory; one message may have more. */
  private static final int MOST = 20_000;

  private final Map<String, Deque<Held>> waiting = new LinkedHashMap<>();
  private int size;

  /** One that waits. */
  record Held(String destination, Pass pass, LeasedRecipient recipient) {}

  boolean isFull() {
    return size >= MOST;
  }

  void add(Held held) {
    waiting.computeIfAbsent(held.destination(), name -> new ArrayDeque<>()).addLast(held);
    size++;
  }

  /** It has been taken and could not begin: it is the next again. */
  void putBack(Held held) {
    waiting.computeIfAbsent(held.destination(), name -> new ArrayDeque<>()).addFirst(held);
    size++;
  }

  Set<String> destinations() {
    return waiting.keySet();
  }

  /** Whether one waits for a destination that is free. */
  boolean any(Predicate<String> free) {
    return waiting.keySet().stream().anyMatch(free);
  }

  /** Takes the one that has waited longest for a destination that is free; empty if none is. */
  Optional<Held> next(Predicate<String> free) {
    Optional<String> destination = waiting.keySet().stream().filter(free).findFirst();
    return destination.map(
        name -> {
          Deque<Held> line = waiting.remove(name);
          Held first = line.removeFirst();
          if (!line.isEmpty()) {
            waiting.put(name, line); // behind the others
          }
          size--;
          return first;
        });
  }

  /** The passes of which all that has been taken is here. */
  Set<Pass> untouched() {
    var here = new HashMap<Pass, Integer>();
    waiting
        .values()
        .forEach(line -> line.forEach(held -> here.merge(held.pass(), 1, Integer::sum)));
    here.entrySet().removeIf(one -> one.getKey().taken() != one.getValue());
    return here.keySet();
  }

  /** Takes out all of these passes. */
  List<Held> remove(Predicate<Pass> of) {
    var removed = new ArrayList<Held>();
    for (Deque<Held> line : waiting.values()) {
      line.removeIf(held -> of.test(held.pass()) && removed.add(held));
    }
    waiting.values().removeIf(Deque::isEmpty);
    size -= removed.size();
    return removed;
  }
}
