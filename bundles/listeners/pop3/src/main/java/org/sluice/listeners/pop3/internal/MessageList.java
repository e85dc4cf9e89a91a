package org.sluice.listeners.pop3.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The messages of a session by number, in arrays: about 20 octets and its name for each, so that a
 * Maildir of a million messages costs what a large message would. Used by one thread.
 */
final class MessageList {
  private byte[] names = new byte[256];
  private int[] ends = new int[16];
  private long[] sizes = new long[16];
  private long[] times = new long[16];
  private int[] order = {};
  private final BitSet unseen = new BitSet();
  private final BitSet deleted = new BitSet();
  private int count;
  private long total;

  /**
   * Adds a message, before {@link #sort}.
   *
   * @param name bytes of the file name (ISO-8859-1)
   * @param isNew whether it is in new rather than in cur
   * @param time modification in whole seconds
   * @throws ArithmeticException if there are more names than an array can hold
   */
  void add(String name, boolean isNew, long size, long time) {
    if (count == ends.length) {
      int larger = Math.multiplyExact(count, 2);
      ends = Arrays.copyOf(ends, larger);
      sizes = Arrays.copyOf(sizes, larger);
      times = Arrays.copyOf(times, larger);
    }
    int begin = count == 0 ? 0 : ends[count - 1];
    int end = Math.addExact(begin, name.length());
    if (end > names.length) {
      names = Arrays.copyOf(names, Math.max(end, (int) Math.min(2L * end, Integer.MAX_VALUE - 8)));
    }
    System.arraycopy(name.getBytes(StandardCharsets.ISO_8859_1), 0, names, begin, name.length());
    ends[count] = end;
    sizes[count] = size;
    times[count] = time;
    unseen.set(count, isNew);
    count++;
    total += size;
  }

  /** Numbers the messages; nothing is added any more. */
  void sort() {
    order = HeapOrder.of(times, count);
    times = new long[0];
  }

  /** How many there are, marked ones included. */
  int count() {
    return count;
  }

  /** The octets of those that are not marked. */
  long total() {
    return total;
  }

  /** A file name; numbers are counted from 1 here as in the protocol. */
  String name(int number) {
    int entry = order[number - 1];
    int begin = entry == 0 ? 0 : ends[entry - 1];
    return new String(names, begin, ends[entry] - begin, StandardCharsets.ISO_8859_1);
  }

  /** What UIDL tells: the name up to its first colon, which stays when flags change. */
  String uid(int number) {
    String name = name(number);
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  long size(int number) {
    return sizes[order[number - 1]];
  }

  boolean isNew(int number) {
    return unseen.get(order[number - 1]);
  }

  boolean isDeleted(int number) {
    return deleted.get(number);
  }

  void delete(int number) {
    deleted.set(number);
    total -= size(number);
  }

  /** Takes all marks back. */
  void reset() {
    for (int n = deleted.nextSetBit(0); n >= 0; n = deleted.nextSetBit(n + 1)) {
      total += size(n);
    }
    deleted.clear();
  }
}
