package org.sluice.filters.greylist.internal;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Instants by key, of one network: in seconds since 1970. Small, so that they are searched from one
 * end to the other. Not thread-safe.
 */
final class Times {
  /** Takes what is there. */
  @FunctionalInterface
  interface Visitor {
    void visit(long key, long seconds);
  }

  private long[] keys = new long[1];
  private long[] seconds = new long[1];
  private int size;

  int size() {
    return size;
  }

  private int index(long key) {
    for (int i = 0; i < size; i++) {
      if (keys[i] == key) {
        return i;
      }
    }
    return -1;
  }

  OptionalLong get(long key) {
    int at = index(key);
    return at < 0 ? OptionalLong.empty() : OptionalLong.of(seconds[at]);
  }

  /** Sets one. If there are so many already, a new one takes the place of the oldest. */
  void put(long key, long at, int most) {
    int index = index(key);
    if (index < 0 && size >= most) {
      removeOldest();
    }
    if (index < 0) {
      index = size++;
      if (index == keys.length) {
        keys = Arrays.copyOf(keys, 2 * size);
        seconds = Arrays.copyOf(seconds, 2 * size);
      }
    }
    keys[index] = key;
    seconds[index] = at;
  }

  void remove(long key) {
    int at = index(key);
    if (at >= 0) {
      removeAt(at);
    }
  }

  private void removeAt(int index) {
    size--;
    keys[index] = keys[size];
    seconds[index] = seconds[size];
  }

  void removeOldest() {
    int oldest = 0;
    for (int i = 1; i < size; i++) {
      oldest = seconds[i] < seconds[oldest] ? i : oldest;
    }
    removeAt(oldest);
  }

  void removeBefore(long limit) {
    for (int i = size - 1; i >= 0; i--) {
      if (seconds[i] < limit) {
        removeAt(i);
      }
    }
  }

  Times copy() {
    var copy = new Times();
    copy.keys = Arrays.copyOf(keys, Math.max(1, size));
    copy.seconds = Arrays.copyOf(seconds, Math.max(1, size));
    copy.size = size;
    return copy;
  }

  void forEach(Visitor visitor) {
    for (int i = 0; i < size; i++) {
      visitor.visit(keys[i], seconds[i]);
    }
  }
}
