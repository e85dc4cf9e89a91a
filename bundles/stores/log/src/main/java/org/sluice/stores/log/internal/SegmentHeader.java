package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The first block of a segment.
 *
 * @param generation of this use of the file
 * @param nextId a message number above all that were given out before
 * @param cuts for segments that ended badly, by generation: where what counts ends
 */
record SegmentHeader(long generation, long nextId, Map<Long, Integer> cuts) {
  static final int SIZE = 4096;
  private static final long MAGIC = 0x534c554943454c47L;
  private static final int MOST_CUTS = (SIZE - 64) / 12;

  ByteBuffer encode() throws IOException {
    if (cuts.size() > MOST_CUTS) {
      throw new IOException("too many failed segments; mend the disk and restart");
    }
    var out = ByteBuffer.allocate(SIZE);
    out.putLong(MAGIC).putLong(generation).putLong(nextId).putInt(cuts.size());
    cuts.forEach((failed, end) -> out.putLong(failed).putInt(end));
    out.putInt(Frame.checksum(out.array(), 0, out.position()));
    return out.rewind();
  }

  static Optional<SegmentHeader> read(DiskFile file) throws IOException {
    var in = ByteBuffer.allocate(SIZE);
    int got;
    do {
      got = file.read(in, in.position());
    } while (got > 0 && in.hasRemaining());
    in.rewind();
    if (in.getLong() != MAGIC) {
      return Optional.empty();
    }
    long generation = in.getLong();
    long nextId = in.getLong();
    int count = in.getInt();
    if (count < 0 || count > MOST_CUTS) {
      return Optional.empty();
    }
    var cuts = new HashMap<Long, Integer>();
    for (int i = 0; i < count; i++) {
      cuts.put(in.getLong(), in.getInt());
    }
    int sum = Frame.checksum(in.array(), 0, in.position());
    return in.getInt() == sum
        ? Optional.of(new SegmentHeader(generation, nextId, cuts))
        : Optional.empty();
  }
}
