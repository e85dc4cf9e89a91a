package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The first block of a segment, which has it twice: one damaged spot leaves the other.
 *
 * @param generation of this use of the file
 * @param nextId a message number above all that were given out before
 * @param cuts for segments that ended badly, by generation: where what counts ends
 */
record SegmentHeader(long generation, long nextId, Map<Long, Integer> cuts) {
  static final int SIZE = 4096;
  private static final int HALF = SIZE / 2;
  private static final long MAGIC = 0x534c554943454c47L;
  private static final int MOST_CUTS = (HALF - 64) / 12;

  ByteBuffer encode() throws IOException {
    if (cuts.size() > MOST_CUTS) {
      throw new IOException("too many failed segments; mend the disk and restart");
    }
    var out = ByteBuffer.allocate(SIZE);
    out.putLong(MAGIC).putLong(generation).putLong(nextId).putInt(cuts.size());
    cuts.forEach((failed, end) -> out.putLong(failed).putInt(end));
    out.putInt(Frame.checksum(out.array(), 0, out.position()));
    System.arraycopy(out.array(), 0, out.array(), HALF, out.position());
    return out.rewind();
  }

  static Optional<SegmentHeader> read(DiskFile file) throws IOException {
    ByteBuffer block = block(file);
    Optional<SegmentHeader> first = decode(block, 0);
    return first.isPresent() ? first : decode(block, HALF);
  }

  private static ByteBuffer block(DiskFile file) throws IOException {
    var in = ByteBuffer.allocate(SIZE);
    int got;
    do {
      got = file.read(in, in.position());
    } while (got > 0 && in.hasRemaining());
    return in;
  }

  private static Optional<SegmentHeader> decode(ByteBuffer block, int at) {
    var in = block.duplicate().clear().position(at);
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
    int sum = Frame.checksum(block.array(), at, in.position() - at);
    return in.getInt() == sum
        ? Optional.of(new SegmentHeader(generation, nextId, cuts))
        : Optional.empty();
  }

  /**
   * Whether a power cut in the middle of the writing or voiding of a header leaves such a block:
   * half of it is blank, and the other is not the header that the segment's records were under. A
   * write cut in its second half has the whole of the first, and the other way round.
   *
   * @param records the generation of the first record in the file, 0 if there is none
   */
  static boolean isRemains(DiskFile file, long records) throws IOException {
    ByteBuffer block = block(file);
    boolean own = records != 0 && block.getLong(Long.BYTES) == records;
    return blank(block, HALF) && !own || blank(block, 0);
  }

  private static boolean blank(ByteBuffer block, int from) {
    for (int at = from; at < from + HALF; at++) {
      if (block.get(at) != 0) {
        return false;
      }
    }
    return true;
  }
}
