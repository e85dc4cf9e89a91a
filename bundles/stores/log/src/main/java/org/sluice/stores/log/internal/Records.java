package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Walks the records of a segment. Where one cannot be read, there are two cases:
 *
 * <ul>
 *   <li>It was durable: a younger segment was begun after it, or a record behind it has a bound
 *       above it. Then it is damaged, and the walk goes on with the next record.
 *   <li>Else the segment ends there. In what was not forced a power cut leaves any of the sectors,
 *       so whole records may follow, of which nobody was told that they are queued.
 * </ul>
 *
 * <p>Records behind damage are found by their generation, which cannot be guessed: no body holds
 * what looks like one.
 */
final class Records {
  /** What is searched at a time: fits the processor's cache. */
  private static final int BLOCK = 1 << 16;

  private static final byte[] NOTHING = new byte[BLOCK + Frame.SIZE];

  /** Takes what was found. */
  interface Visitor {
    /** One record whose checksums are right; its payload lies at the offset. */
    void record(int offset, int type, byte[] payload);
  }

  private final Segment segment;
  private final LongSearch generation;
  private final Damage damage;

  /** Nothing that begins here or later counts. */
  private final int limit;

  /** Where what counts is known to end; 0 if it is not. */
  private final int cut;

  /** All before it was durable; -1 as long as nobody has looked. */
  private int durable;

  /**
   * The records of one segment.
   *
   * @param youngest whether no younger segment is known
   * @param cut where it is known to end, {@code Integer.MAX_VALUE} if that is not known
   */
  Records(Segment segment, boolean youngest, int cut, Damage damage) throws IOException {
    this.segment = segment;
    this.generation = new LongSearch(segment.generation);
    this.damage = damage;
    this.limit = (int) Math.min(segment.file.size(), cut);
    this.cut = cut == Integer.MAX_VALUE ? 0 : cut;
    this.durable = youngest ? -1 : Integer.MAX_VALUE;
  }

  /** Visits all in order; returns where the last one ends. */
  int walk(Visitor visitor) throws IOException {
    int at = SegmentHeader.SIZE;
    while (true) {
      ByteBuffer head = head(at);
      byte[] payload = head == null ? null : segment.read(at + Frame.SIZE, head.getInt(0));
      if (payload != null && Frame.checksum(payload, 0, payload.length) == head.getInt(16)) {
        visitor.record(at + Frame.SIZE, Frame.type(head), payload);
        at += Frame.SIZE + payload.length;
      } else if (at >= durable(at)) {
        return at;
      } else if (payload != null) {
        damage.payload(segment, at, Frame.type(head), payload);
        at += Frame.SIZE + payload.length;
      } else {
        int next = search(at + 1, false);
        if (next < 0) {
          return end(at);
        }
        damage.unreadable(segment, at, next);
        at = next;
      }
    }
  }

  /** Nothing follows, which is the end unless that is known to be elsewhere. */
  private int end(int at) {
    if (at >= cut) {
      return at;
    }
    damage.unreadable(segment, at, cut);
    return cut;
  }

  /** The head of a record that is there in full, or null. */
  private ByteBuffer head(int at) throws IOException {
    if (at + Frame.SIZE > limit) {
      return null;
    }
    var head = ByteBuffer.wrap(segment.read(at, Frame.SIZE));
    return fits(head, at) ? head : null;
  }

  private boolean fits(ByteBuffer head, int at) {
    return Frame.valid(head, segment.generation)
        && at + Frame.SIZE + (long) head.getInt(0) <= limit;
  }

  private int durable(int at) throws IOException {
    if (durable < 0) {
      durable = 0;
      search(at, true);
    }
    return durable;
  }

  /**
   * Looks for heads at any octet, in one pass.
   *
   * @param bounds whether to look at the bounds of all; else it stops at the first
   * @return the offset of the first, -1 if there is none
   */
  private int search(int from, boolean bounds) throws IOException {
    var octets = new byte[BLOCK + Frame.SIZE];
    for (int start = from; start + Frame.SIZE <= limit; start += BLOCK) {
      int length = Math.min(BLOCK + Frame.SIZE - 1, limit - start);
      segment.read(start, octets, length);
      if (Arrays.mismatch(octets, 0, length, NOTHING, 0, length) < 0) {
        continue; // as it was made, most of the time: the JVM compares faster than it searches
      }
      int last = length - Frame.SIZE + Frame.GENERATION;
      for (int i = Frame.GENERATION; (i = generation.find(octets, i, last)) >= 0; i++) {
        int at = i - Frame.GENERATION;
        var head = ByteBuffer.wrap(Arrays.copyOfRange(octets, at, at + Frame.SIZE));
        if (fits(head, start + at)) {
          if (!bounds) {
            return start + at;
          }
          durable = Math.max(durable, Frame.bound(head));
        }
      }
    }
    return -1;
  }
}
