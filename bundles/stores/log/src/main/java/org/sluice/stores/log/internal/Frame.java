package org.sluice.stores.log.internal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The head of a record: length, type and bound, generation, checksum of the payload, checksum of
 * the head. The generation keeps what an earlier use of the segment left behind from being taken
 * for new. The bound says how far this segment had been forced when the record was written: what
 * cannot be read before it is damage; what cannot be read behind every bound may be the torn end.
 */
final class Frame {
  static final int SIZE = 24;

  /** Where the generation stands in it. */
  static final int GENERATION = 8;

  static final int MESSAGE = 1;
  static final int OUTCOME = 2;
  static final int HOLD = 3;
  static final int REMOVE = 4;
  static final int FLUSH = 5;
  static final int COPY = 6;

  /** Says nothing but its bound. */
  static final int MARK = 7;

  private static final int TYPE_BITS = 4; // 28 are left for the bound: segments below 256 MB

  private Frame() {}

  static int checksum(byte[] bytes, int offset, int length) {
    var crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  static void put(ByteBuffer out, Rec record, long generation, int forced) {
    var head = ByteBuffer.allocate(SIZE);
    head.putInt(record.payload().length).putInt(forced << TYPE_BITS | record.type());
    head.putLong(generation);
    head.putInt(record.checksum());
    head.putInt(checksum(head.array(), 0, SIZE - 4));
    out.put(head.array());
  }

  static int type(ByteBuffer head) {
    return head.getInt(4) & (1 << TYPE_BITS) - 1;
  }

  /** All before this offset of the segment was durable when the record was written. */
  static int bound(ByteBuffer head) {
    return head.getInt(4) >>> TYPE_BITS;
  }

  /** Whether these octets head a record of this generation. */
  static boolean valid(ByteBuffer head, long generation) {
    return head.getInt(0) > 0
        && head.getLong(GENERATION) == generation
        && head.getInt(SIZE - 4) == checksum(head.array(), 0, SIZE - 4);
  }
}
