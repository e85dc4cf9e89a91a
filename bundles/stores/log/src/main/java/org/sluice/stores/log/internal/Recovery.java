package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rebuilds the index from what is on the disk. */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  /** No message takes less in the log: how many numbers lost octets may have held. */
  private static final int SMALLEST_MESSAGE = 64;

  private static final int MOST_NAMED = 20;

  private final Disk disk;
  private final Index index;
  private final AtomicLong nextId;
  private final AtomicLong nextBody;
  private final Replay replay;
  private final Damage damage = new Damage();
  private final Map<Long, Integer> cuts = new HashMap<>();
  private final List<Segment> found = new ArrayList<>();
  private final List<Segment> headless = new ArrayList<>();
  private long newest;
  private long highestSlot;
  private boolean unforced;

  Recovery(Disk disk, Index index, AtomicLong nextId, AtomicLong nextBody, long now) {
    this.disk = disk;
    this.index = index;
    this.nextId = nextId;
    this.nextBody = nextBody;
    this.replay = new Replay(index, nextId, now);
  }

  /** Reads all there is; what it has opened belongs to the segments, or is closed if it throws. */
  Damage run(Segments segments, int segmentSize) throws IOException {
    boolean done = false;
    try {
      open();
      found.sort(Comparator.comparingLong(s -> s.generation));
      newest = found.isEmpty() ? 0 : found.get(found.size() - 1).generation;
      for (Segment file : headless) {
        sort(file, segments, segmentSize);
      }
      for (Segment segment : found) {
        replay(segment);
        force(segment);
      }
      segments.restore(found, ends(), newest, highestSlot);
      bodies();
      done = true;
    } finally {
      if (!done) {
        found.forEach(Segment::close);
        headless.forEach(Segment::close);
      }
    }
    return damage;
  }

  /** What lies behind the end of any of them must not be taken for more of it later. */
  private Map<Long, Integer> ends() {
    var ends = new HashMap<Long, Integer>();
    for (Segment segment : found) {
      if (cuts.containsKey(segment.generation) || segment == found.get(found.size() - 1)) {
        ends.put(segment.generation, segment.end);
      }
    }
    return ends;
  }

  private void open() throws IOException {
    for (String name : disk.list("")) {
      boolean aside = name.endsWith(Segments.ASIDE);
      int length = name.length() - (aside ? Segments.ASIDE.length() : 0);
      OptionalLong slot = Segments.slot(name.substring(0, length));
      if (slot.isEmpty()) {
        continue; // not ours
      }
      highestSlot = Math.max(highestSlot, slot.getAsLong());
      if (aside) {
        damage.aside(name);
        continue;
      }
      var file = new Segment(name, disk.open(name), 0);
      headless.add(file);
      var header = SegmentHeader.read(file.file);
      if (header.isPresent()) {
        headless.remove(headless.size() - 1);
        found.add(new Segment(name, file.file, header.get().generation()));
        header.get().cuts().forEach((failed, end) -> cuts.merge(failed, end, Math::min));
        nextId.accumulateAndGet(header.get().nextId(), Math::max);
      }
    }
  }

  /**
   * What has no header is free, or was cut off while it was made, begun or voided; then its records
   * are older than all that is in use, for segments are freed oldest first and never the last. All
   * else is damage.
   */
  private void sort(Segment file, Segments segments, int segmentSize) throws IOException {
    long records = generation(file);
    boolean used = records != 0 && (found.isEmpty() || records >= found.get(0).generation);
    if (used || !SegmentHeader.isRemains(file.file, records)) {
      if (records == 0 || records > newest) {
        skip(file.file.size());
      }
      newest = Math.max(newest, records);
      file.file.close();
      disk.rename(file.name, file.name + Segments.ASIDE);
      disk.force("");
      damage.aside(file.name + Segments.ASIDE);
    } else if (file.file.size() == segmentSize) {
      segments.offer(file);
    } else {
      file.file.close();
      disk.delete(file.name);
    }
  }

  /** The use of the file that its first record is from, 0 if there is none. */
  private static long generation(Segment file) throws IOException {
    if (file.file.size() < SegmentHeader.SIZE + Frame.SIZE) {
      return 0;
    }
    var head = ByteBuffer.wrap(file.read(SegmentHeader.SIZE, Frame.SIZE));
    long generation = head.getLong(Frame.GENERATION);
    return Frame.valid(head, generation) ? generation : 0;
  }

  /** Numbers that lost messages may have had are not given out again. */
  private void skip(long lost) {
    nextId.addAndGet(lost / SMALLEST_MESSAGE + 1);
  }

  private void replay(Segment segment) throws IOException {
    boolean youngest = segment == found.get(found.size() - 1);
    int before = damage.places();
    int cut = cuts.getOrDefault(segment.generation, Integer.MAX_VALUE);
    var records = new Records(segment, youngest, cut, damage);
    segment.end = records.walk((offset, type, payload) -> apply(segment, offset, type, payload));
    if (damage.places() > before) {
      segment.poisoned = true; // so that the file is not used again
      if (youngest) { // else the next one says which numbers were given out
        skip(segment.end);
      }
    }
  }

  private void apply(Segment segment, int offset, int type, byte[] payload) {
    try {
      replay.apply(segment, offset, type, payload);
    } catch (RuntimeException e) { // a queue that does not open would help nobody
      damage.senseless(segment, offset, e);
    }
  }

  /** What the last process did not force is built upon from now on. */
  private void force(Segment segment) {
    try {
      segment.file.force();
    } catch (IOException e) {
      LOG.error("{}: force failed, outcomes may be repeated: {}", segment.name, e.toString());
      segment.poisoned = true;
      unforced = true;
    }
  }

  /**
   * Removes body files that no message has. None is removed if there is damage, for its message may
   * be in what cannot be read, nor if a force failed, for the message may come back.
   */
  private void bodies() throws IOException {
    index.doomed.clear();
    var wanted = new HashMap<Long, Entry>();
    index.entries.forEach(
        entry -> {
          if (entry.file != 0) {
            wanted.put(entry.file, entry);
          }
        });
    boolean keep = damage.any() || unforced;
    Set<Long> there = new HashSet<>();
    int kept = 0;
    for (String name : disk.list(Stage.DIRECTORY)) {
      OptionalLong number = Numbers.parse(name);
      if (number.isEmpty()) {
        continue; // not ours
      }
      nextBody.accumulateAndGet(number.getAsLong() + 1, Math::max);
      there.add(number.getAsLong());
      if (wanted.containsKey(number.getAsLong())) {
        continue;
      }
      if (keep) {
        kept++;
      } else {
        remove(number.getAsLong());
      }
    }
    if (kept > 0) {
      LOG.warn("{} body files that no message has are kept, because of what is damaged", kept);
    }
    missing(wanted, there);
  }

  /** A message without its body stays: its delivery fails for now, and its sender hears of it. */
  private void missing(Map<Long, Entry> wanted, Set<Long> there) {
    var without = new TreeSet<Long>();
    for (Entry entry : wanted.values()) {
      nextBody.accumulateAndGet(entry.file + 1, Math::max);
      if (!there.contains(entry.file)) {
        without.add(entry.id);
      }
    }
    if (!without.isEmpty()) {
      LOG.error(
          "{} queued messages have lost their body file and cannot be delivered: {}{}",
          without.size(),
          without.stream().limit(MOST_NAMED).toList(),
          without.size() > MOST_NAMED ? " and more" : "");
    }
  }

  private void remove(long body) {
    try {
      disk.delete(Stage.name(body));
    } catch (IOException e) {
      LOG.warn("body {} stays: {}", body, e.toString());
    }
  }
}
