package org.sluice.stores.log.internal;

import java.util.function.Consumer;

/** Entries by id, open addressing: a reference a message and no boxes. */
final class EntryTable {
  private Entry[] slots = new Entry[64];
  private int size;

  int size() {
    return size;
  }

  /** The entry, or null. */
  Entry get(long id) {
    return slots[find(id)];
  }

  void put(Entry entry) {
    if (size >= slots.length - slots.length / 4) {
      Entry[] old = slots;
      slots = new Entry[old.length * 2];
      for (Entry one : old) {
        if (one != null) {
          slots[find(one.id)] = one;
        }
      }
    }
    slots[find(entry.id)] = entry;
    size++;
  }

  void remove(long id) {
    int hole = find(id);
    int mask = slots.length - 1;
    slots[hole] = null;
    size--;
    // Move up what was displaced, so that no search stops at the hole.
    for (int at = (hole + 1) & mask; slots[at] != null; at = (at + 1) & mask) {
      int home = home(slots[at].id);
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        slots[hole] = slots[at];
        slots[at] = null;
        hole = at;
      }
    }
  }

  void forEach(Consumer<Entry> action) {
    for (Entry one : slots) {
      if (one != null) {
        action.accept(one);
      }
    }
  }

  private int find(long id) {
    int at = home(id);
    while (slots[at] != null && slots[at].id != id) {
      at = (at + 1) & (slots.length - 1);
    }
    return at;
  }

  private int home(long id) {
    return (int) ((id * 0x9E3779B97F4A7C15L) >>> 33) & (slots.length - 1);
  }
}
