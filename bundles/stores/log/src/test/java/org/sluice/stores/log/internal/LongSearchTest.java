package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongSearchTest {
  private static int plainly(long wanted, byte[] octets, int from, int last) {
    for (int i = from; i <= last; i++) {
      if (ByteBuffer.wrap(octets).getLong(i) == wanted) {
        return i;
      }
    }
    return -1;
  }

  /** Few different octets, so that there are many beginnings of it, and of it within itself. */
  @Test
  void findsWhatAPlainSearchFinds() {
    var random = new Random(4711);
    int found = 0;
    for (int round = 0; round < 2000; round++) {
      byte[] octets = new byte[1000];
      for (int i = 0; i < octets.length; i++) {
        octets[i] = (byte) (random.nextInt(2) * (round % 2 == 0 ? 1 : 0xff));
      }
      long wanted = ByteBuffer.wrap(octets).getLong(random.nextInt(octets.length - 7));
      var search = new LongSearch(wanted);
      int last = octets.length - 8 - random.nextInt(10);
      for (int from = 0; from <= last; from++) {
        int at = plainly(wanted, octets, from, last);
        assertEquals(at, search.find(octets, from, last));
        if (at < 0) {
          break;
        }
        from = at;
        found++;
      }
    }
    assertTrue(found > 2000, "found " + found);
  }

  @Test
  void looksNoFurtherThanItIsTold() {
    byte[] octets = ByteBuffer.allocate(24).putLong(8, 0x0102030405060708L).array();
    var search = new LongSearch(0x0102030405060708L);
    assertEquals(8, search.find(octets, 0, 8));
    assertEquals(8, search.find(octets, 8, 16));
    assertEquals(-1, search.find(octets, 0, 7));
    assertEquals(-1, search.find(octets, 9, 16));
  }
}
