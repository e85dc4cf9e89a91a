package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.LoggerFactory;

/**
 * The segments in use, oldest first, and one prepared for the next roll. They are freed strictly
 * oldest first: an outcome never goes before the message it is about.
 */
final class Segments {
  private static final String PREFIX = "segment-";
  private static final int BLOCK = 1 << 20;

  /**
   * Generations grow by a random step, so that nobody can send a body that reads like records of
   * the segment that it will be in: recovery looks for those behind damage.
   */
  private static final SecureRandom STEP = new SecureRandom();

  private static final int MOST_STEP = 1 << 30;

  private final Disk disk;
  private final LogOptions options;
  private final AtomicLong nextId;
  private final ReentrantLock ring = new ReentrantLock();
  private final ReentrantLock creation = new ReentrantLock();
  private final ArrayDeque<Segment> used = new ArrayDeque<>();
  private final Map<Long, Integer> cuts = new HashMap<>();
  private Optional<Segment> spare = Optional.empty();
  private long generation;
  private long slot;

  Segments(Disk disk, LogOptions options, AtomicLong nextId) {
    this.disk = disk;
    this.options = options;
    this.nextId = nextId;
  }

  /** Takes over what recovery found. */
  void restore(List<Segment> found, Map<Long, Integer> ends, long newest, long highestSlot) {
    used.addAll(found);
    cuts.putAll(ends);
    generation = newest;
    slot = highestSlot;
  }

  /** What the name of a file ends in whose header was damaged; nothing is done with it any more. */
  static final String ASIDE = ".damaged";

  /** The number in a segment's name; empty for all other names. */
  static OptionalLong slot(String file) {
    return file.startsWith(PREFIX)
        ? Numbers.parse(file.substring(PREFIX.length()))
        : OptionalLong.empty();
  }

  /** The one that is written to; the leader's call. */
  Segment active() {
    ring.lock();
    try {
      return used.getLast();
    } finally {
      ring.unlock();
    }
  }

  /** All in use, oldest first. */
  List<Segment> all() {
    ring.lock();
    try {
      return new ArrayList<>(used);
    } finally {
      ring.unlock();
    }
  }

  /** Notes that nothing from this offset on counts in the segment, and that it is done for. */
  void poison(Segment segment, int end) {
    ring.lock();
    try {
      segment.poisoned = true;
      cuts.merge(segment.generation, end, Math::min);
    } finally {
      ring.unlock();
    }
  }

  /**
   * Makes the next segment the active one; the leader's call. The header is durable before there is
   * a record behind it: else the generation could be given out again, to find old records valid.
   */
  Segment roll() throws IOException {
    Segment raw = takeSpare();
    boolean done = false;
    try {
      SegmentHeader header;
      ring.lock();
      try {
        generation += 1 + STEP.nextInt(MOST_STEP);
        header = new SegmentHeader(generation, nextId.get(), Map.copyOf(cuts));
      } finally {
        ring.unlock();
      }
      raw.file.write(header.encode(), 0);
      raw.file.force();
      var next = new Segment(raw.name, raw.file, header.generation());
      ring.lock();
      try {
        used.addLast(next);
        done = true;
      } finally {
        ring.unlock();
      }
      return next;
    } finally {
      if (!done) {
        discard(raw);
      }
    }
  }

  private Segment takeSpare() throws IOException {
    creation.lock();
    try {
      Segment taken = spare.isPresent() ? spare.get() : create();
      spare = Optional.empty();
      return taken;
    } finally {
      creation.unlock();
    }
  }

  /** Has the next segment ready before it is wanted. */
  void prepare() throws IOException {
    creation.lock();
    try {
      if (spare.isEmpty()) {
        spare = Optional.of(create());
      }
    } finally {
      creation.unlock();
    }
  }

  private Segment create() throws IOException {
    long free = disk.free();
    if (free < options.segmentSize()) {
      throw new IOException(
          "disk full: %d octets free, %d needed for a log segment"
              .formatted(free, options.segmentSize()));
    }
    String name = PREFIX + ++slot;
    var raw = new Segment(name, disk.create(name), 0);
    boolean done = false;
    try {
      for (int at = 0; at < options.segmentSize(); at += BLOCK) {
        raw.file.write(ByteBuffer.allocate(Math.min(BLOCK, options.segmentSize() - at)), at);
      }
      raw.file.force();
      disk.force("");
      done = true;
      return raw;
    } catch (IOException e) {
      throw new IOException("disk full, or no log segment can be made: " + e.getMessage(), e);
    } finally {
      if (!done) {
        discard(raw);
      }
    }
  }

  /** Frees the oldest if nothing in it is wanted; false if there is nothing to free. */
  boolean freeOldest() throws IOException {
    Segment oldest;
    ring.lock();
    try {
      oldest = used.getFirst();
      if (used.size() < 2 || !oldest.dead()) {
        return false;
      }
    } finally {
      ring.unlock();
    }
    boolean reuse = reusable(oldest);
    if (reuse) {
      makeVoid(oldest);
    } else {
      disk.delete(oldest.name);
      disk.force("");
      oldest.file.close();
    }
    ring.lock();
    try {
      used.removeFirst();
      cuts.remove(oldest.generation);
    } finally {
      ring.unlock();
    }
    if (reuse) {
      offer(new Segment(oldest.name, oldest.file, 0));
    }
    return true;
  }

  /**
   * Void on disk before any younger one is freed, or its messages would come back without the
   * outcomes that finished them.
   */
  private static void makeVoid(Segment segment) throws IOException {
    boolean done = false;
    try {
      segment.file.write(ByteBuffer.allocate(SegmentHeader.SIZE), 0);
      segment.file.force();
      done = true;
    } finally {
      if (!done) {
        segment.poisoned = true; // so that the next attempt removes the file instead
      }
    }
  }

  private boolean reusable(Segment segment) throws IOException {
    creation.lock();
    try {
      return !segment.poisoned && spare.isEmpty() && segment.file.size() == options.segmentSize();
    } finally {
      creation.unlock();
    }
  }

  /** Keeps a blank segment, or removes it if there is one already. */
  void offer(Segment blank) throws IOException {
    creation.lock();
    try {
      if (spare.isEmpty()) {
        spare = Optional.of(blank);
        return;
      }
    } finally {
      creation.unlock();
    }
    blank.file.close();
    disk.delete(blank.name);
  }

  /** Throws nothing, for why it is discarded is what matters. */
  private void discard(Segment raw) {
    raw.close();
    try {
      disk.delete(raw.name);
    } catch (IOException e) {
      LoggerFactory.getLogger(Segments.class).warn("{} stays: {}", raw.name, e.toString());
    }
  }

  /** Closes all files. */
  void close() {
    all().forEach(Segment::close);
    creation.lock();
    try {
      spare.ifPresent(Segment::close);
    } finally {
      creation.unlock();
    }
  }
}
