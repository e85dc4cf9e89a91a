package org.sluice.stores.log.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Looks for eight octets at any place (Horspool's algorithm): each start looks through all of a
 * segment behind its end, before anything is compiled well, and most octets need not be looked at.
 */
final class LongSearch {
  private static final int LAST = Long.BYTES - 1;

  private final byte[] wanted;
  private final byte end;

  /** How far to go on, by the last of eight octets. */
  private final int[] steps = new int[256];

  LongSearch(long wanted) {
    this.wanted = ByteBuffer.allocate(Long.BYTES).putLong(wanted).array();
    this.end = this.wanted[LAST];
    Arrays.fill(steps, Long.BYTES);
    for (int i = 0; i < LAST; i++) {
      steps[this.wanted[i] & 0xff] = LAST - i;
    }
  }

  /** Where it begins, at {@code from} or behind and at {@code last} or before; -1 if nowhere. */
  int find(byte[] octets, int from, int last) {
    for (int i = from; i <= last; ) {
      byte octet = octets[i + LAST];
      if (octet == end && Arrays.equals(octets, i, i + Long.BYTES, wanted, 0, Long.BYTES)) {
        return i;
      }
      i += steps[octet & 0xff];
    }
    return -1;
  }
}
