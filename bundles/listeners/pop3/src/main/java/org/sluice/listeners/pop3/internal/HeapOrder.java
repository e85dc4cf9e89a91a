package org.sluice.listeners.pop3.internal;

/**
 * The order in which qmail's priority queue gives out what was put into it (spec 20 section 12.2):
 * by time, and for equal times just as its binary heap falls out.
 */
final class HeapOrder {
  private final long[] times;
  private final int[] heap;
  private int length;

  private HeapOrder(long[] times, int count) {
    this.times = times;
    this.heap = new int[count];
  }

  /** The indices of the first {@code count} times in that order. */
  static int[] of(long[] times, int count) {
    var queue = new HeapOrder(times, count);
    for (int i = 0; i < count; i++) {
      queue.insert(i);
    }
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = queue.removeFirst();
    }
    return order;
  }

  private void insert(int index) {
    int at = length++;
    while (at > 0 && times[heap[(at - 1) / 2]] > times[index]) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = index;
  }

  private int removeFirst() {
    int first = heap[0];
    int last = --length;
    int i = 0;
    for (int j = 2; j <= last; j = 2 * i + 2) {
      if (times[heap[j - 1]] <= times[heap[j]]) {
        j--;
      }
      if (times[heap[last]] <= times[heap[j]]) {
        break;
      }
      heap[i] = heap[j];
      i = j;
    }
    heap[i] = heap[last];
    return first;
  }
}
