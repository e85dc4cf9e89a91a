package org.sluice.filters.greylist.internal;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Entries of one kind, so many at most: the network that has not been heard of for longest loses
 * its oldest first. One network has a sixteenth of the room at most and then pushes out its own, so
 * that it takes many to make the others' go. Not thread-safe.
 */
final class Entries {
  private static final int SHARE = 16;

  /** A network's entries are searched from one end to the other. */
  private static final int MOST_EACH = 4_000;

  private final LinkedHashMap<String, Times> networks = new LinkedHashMap<>(16, 0.75f, true);
  private final int room;
  private int size;

  Entries(int room) {
    this.room = room;
  }

  int size() {
    return size;
  }

  OptionalLong get(String network, long key) {
    Times times = networks.get(network);
    return times == null ? OptionalLong.empty() : times.get(key);
  }

  void put(String network, long key, long seconds) {
    Times times = networks.computeIfAbsent(network, n -> new Times());
    int before = times.size();
    times.put(key, seconds, Math.max(1, Math.min(room / SHARE, MOST_EACH)));
    size += times.size() - before;
    while (size > room) {
      Iterator<Times> eldest = networks.values().iterator();
      Times loser = eldest.next();
      loser.removeOldest();
      size--;
      if (loser.size() == 0) {
        eldest.remove();
      }
    }
  }

  void remove(String network, long key) {
    Times times = networks.get(network);
    if (times != null) {
      int before = times.size();
      times.remove(key);
      size += times.size() - before;
      if (times.size() == 0) {
        networks.remove(network);
      }
    }
  }

  void removeBefore(long limit) {
    for (Iterator<Times> each = networks.values().iterator(); each.hasNext(); ) {
      Times times = each.next();
      int before = times.size();
      times.removeBefore(limit);
      size += times.size() - before;
      if (times.size() == 0) {
        each.remove();
      }
    }
  }

  /** All of them as they are now, the network heard of last at the end. */
  List<Map.Entry<String, Times>> copy() {
    List<Map.Entry<String, Times>> copy = new ArrayList<>(networks.size());
    networks.forEach((network, times) -> copy.add(Map.entry(network, times.copy())));
    return copy;
  }
}
