package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.store.Channel;
import org.sluice.api.store.RecipientOutcome;

/** Rebuilds the index from what is on the disk. */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final Disk disk;
  private final Index index;
  private final AtomicLong nextId;
  private final AtomicLong nextBody;
  private final long now;
  private final Map<Long, Integer> cuts = new HashMap<>();
  private final List<Segment> found = new ArrayList<>();
  private long highestSlot;

  Recovery(Disk disk, Index index, AtomicLong nextId, AtomicLong nextBody, long now) {
    this.disk = disk;
    this.index = index;
    this.nextId = nextId;
    this.nextBody = nextBody;
    this.now = now;
  }

  void run(Segments segments, int segmentSize) throws IOException {
    open(segments, segmentSize);
    found.sort(Comparator.comparingLong(s -> s.generation));
    for (Segment segment : found) {
      replay(segment);
      force(segment);
    }
    long newest = found.isEmpty() ? 0 : found.get(found.size() - 1).generation;
    segments.restore(found, ends(), newest, highestSlot);
    bodies();
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

  private void open(Segments segments, int segmentSize) throws IOException {
    for (String name : disk.list("")) {
      if (!Segments.names(name)) {
        continue;
      }
      highestSlot = Math.max(highestSlot, Segments.slot(name));
      DiskFile file = disk.open(name);
      var header = SegmentHeader.read(file);
      if (header.isPresent()) {
        header.get().cuts().forEach((failed, end) -> cuts.merge(failed, end, Math::min));
        nextId.accumulateAndGet(header.get().nextId(), Math::max);
        found.add(new Segment(name, file, header.get().generation()));
      } else if (file.size() == segmentSize) {
        segments.offer(new Segment(name, file, 0));
      } else {
        file.close();
        disk.delete(name);
      }
    }
  }

  private void replay(Segment segment) throws IOException {
    long size = segment.file.size();
    int at = SegmentHeader.SIZE;
    int cut = cuts.getOrDefault(segment.generation, Integer.MAX_VALUE);
    while (at + Frame.SIZE <= Math.min(size, cut)) {
      var head = ByteBuffer.wrap(segment.read(at, Frame.SIZE));
      if (!Frame.valid(head, segment.generation)) {
        break;
      }
      int length = head.getInt(0);
      if (at + Frame.SIZE + (long) length > Math.min(size, cut)) {
        break;
      }
      byte[] payload = segment.read(at + Frame.SIZE, length);
      if (Frame.checksum(payload, 0, length) != head.getInt(16)) {
        break;
      }
      apply(segment, at + Frame.SIZE, head.getInt(4), payload);
      at += Frame.SIZE + length;
    }
    segment.end = at;
  }

  /** What the last process did not force is built upon from now on. */
  private static void force(Segment segment) {
    try {
      segment.file.force();
    } catch (IOException e) {
      LOG.error("{}: force failed, outcomes may be repeated: {}", segment.name, e.toString());
      segment.poisoned = true;
    }
  }

  private void apply(Segment segment, int offset, int type, byte[] payload) {
    if (type == Frame.MESSAGE) {
      message(segment, offset, payload);
      return;
    }
    if (type == Frame.COPY) {
      copy(segment, offset, payload);
      return;
    }
    var in = ByteBuffer.wrap(payload);
    if (type == Frame.FLUSH) {
      index.flush(in.getLong(), EnumSet.allOf(Channel.class));
      return;
    }
    Entry entry = index.entries.get(in.getLong());
    if (entry == null) {
      return; // its segment was freed, so it was finished, or a copy comes later
    }
    if (type == Frame.OUTCOME) {
      Outcomes what = Outcomes.decode(payload);
      int[] reports = new int[what.list().size()];
      what.encode(reports);
      outcomes(entry, segment, shifted(reports, offset), what);
    } else if (type == Frame.HOLD) {
      index.hold(entry, in.get() != 0, now);
    } else if (type == Frame.REMOVE) {
      index.remove(entry, segment);
    }
  }

  private void copy(Segment segment, int offset, byte[] payload) {
    message(segment, offset, payload);
    Copy copy = Copy.decode(payload);
    Entry entry = index.entries.get(copy.outcomes().get(0).id());
    index.hold(entry, copy.held(), now);
    List<int[]> reports = new ArrayList<>();
    copy.encode(reports);
    for (int i = 0; i < reports.size() && !entry.gone; i++) {
      outcomes(entry, segment, shifted(reports.get(i), offset), copy.outcomes().get(i));
    }
  }

  private static int[] shifted(int[] positions, int by) {
    return Arrays.stream(positions).map(position -> position + by).toArray();
  }

  private void message(Segment segment, int offset, byte[] payload) {
    Envelope envelope = Envelope.decode(payload);
    nextId.accumulateAndGet(envelope.id() + 1, Math::max);
    segment.gained(Frame.SIZE + Envelope.messageLength(payload));
    Entry known = index.entries.get(envelope.id());
    if (known != null) {
      known.segment.lost(known.recordLength());
      known.segment = segment;
      known.offset = offset;
      return;
    }
    var entry = new Entry(envelope, Envelope.length(payload), segment, offset);
    var record = envelope.record();
    index.add(entry, record.recipients(), record.hold(), record.birth().toEpochMilli());
  }

  private void outcomes(Entry entry, Segment segment, int[] positions, Outcomes what) {
    List<RecipientOutcome> list = what.channel() == Channel.BOUNCE ? List.of() : what.list();
    index.outcomes(entry, what.channel(), list, segment, positions);
    index.review(entry, now, segment);
    Part part = Index.part(entry, what.channel());
    if (part != null && what.due() != Outcomes.SAME) {
      index.reschedule(part, what.due());
    }
  }

  /** Removes body files that no message has, and messages that have lost theirs. */
  private void bodies() throws IOException {
    index.doomed.clear();
    var wanted = new HashMap<Long, Entry>();
    index.entries.forEach(
        entry -> {
          if (entry.file != 0) {
            wanted.put(entry.file, entry);
          }
        });
    var there = new HashSet<Long>();
    for (String name : disk.list(Stage.DIRECTORY)) {
      long number = Long.parseLong(name);
      nextBody.accumulateAndGet(number + 1, Math::max);
      there.add(number);
      if (!wanted.containsKey(number)) {
        disk.delete(Stage.name(number));
      }
    }
    for (Entry entry : wanted.values()) {
      nextBody.accumulateAndGet(entry.file + 1, Math::max);
      if (!there.contains(entry.file)) {
        LOG.error("message {}: body file {} is missing, dropped", entry.id, entry.file);
        index.remove(entry, entry.segment);
      }
    }
    index.doomed.clear();
  }
}
