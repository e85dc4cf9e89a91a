package org.sluice.stores.log.internal;

import java.util.Arrays;

/** Parts by time, earliest first; any can be removed in O(log n). */
final class PartHeap {
  private Part[] parts = new Part[16];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  Part first() {
    return parts[0];
  }

  void add(Part part) {
    if (size == parts.length) {
      parts = Arrays.copyOf(parts, size + (size >> 1));
    }
    up(size++, part);
  }

  void remove(Part part) {
    int at = part.position;
    part.position = -1;
    Part last = parts[--size];
    parts[size] = null;
    if (last != part) {
      up(at, last);
      down(last.position, last);
    }
  }

  private void up(int from, Part part) {
    int at = from;
    while (at > 0 && parts[(at - 1) / 2].key() > part.key()) {
      set(at, parts[(at - 1) / 2]);
      at = (at - 1) / 2;
    }
    set(at, part);
  }

  private void down(int from, Part part) {
    int at = from;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && parts[child + 1].key() < parts[child].key()) {
        child++;
      }
      if (parts[child].key() >= part.key()) {
        break;
      }
      set(at, parts[child]);
      at = child;
    }
    set(at, part);
  }

  private void set(int at, Part part) {
    parts[at] = part;
    part.position = at;
  }
}
