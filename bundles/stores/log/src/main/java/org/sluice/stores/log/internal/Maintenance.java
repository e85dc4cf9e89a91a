package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.store.Channel;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.api.store.ReportedAction;

/** What nobody waits for: body files go, segments are freed and prepared, messages copied. */
final class Maintenance {
  private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);
  private static final int MOST_COPIES = 1000;

  private final Disk disk;
  private final Index index;
  private final Segments segments;
  private final Committer committer;
  private final ReentrantLock once = new ReentrantLock();

  /** Messages that stay where they are until they are finished. */
  private final Set<Long> damaged = new HashSet<>();

  private Segment quiet;
  private int quietEnd;

  Maintenance(Disk disk, Index index, Segments segments, Committer committer) {
    this.disk = disk;
    this.index = index;
    this.segments = segments;
    this.committer = committer;
  }

  void run() throws IOException {
    once.lock();
    try {
      removeBodies();
      mark();
      free();
      if (sparse()) {
        copyForward(segments.all().get(0));
        free();
      }
      segments.prepare();
    } finally {
      once.unlock();
    }
  }

  /** When nothing was written since the last round. */
  private void mark() throws IOException {
    Segment active = segments.active();
    if (active == quiet && active.end == quietEnd) {
      committer.mark();
    }
    quiet = active;
    quietEnd = active.end;
  }

  private void free() throws IOException {
    while (segments.freeOldest()) {
      continue;
    }
  }

  private void removeBodies() throws IOException {
    List<Index.Doomed> doomed;
    index.lock.lock();
    try {
      doomed = new ArrayList<>(index.doomed);
      index.doomed.clear();
    } finally {
      index.lock.unlock();
    }
    if (doomed.isEmpty()) {
      return;
    }
    try {
      committer.write(Pending.barrier());
    } catch (IOException | RuntimeException | Error e) {
      index.lock.lock();
      try {
        index.doomed.addAll(doomed);
      } finally {
        index.lock.unlock();
      }
      throw e;
    }
    for (Index.Doomed one : doomed) {
      // If the record may be lost, the message may come back and want its body: left to recovery.
      if (!one.finishedIn().poisoned) {
        remove(Stage.name(one.file()));
      }
    }
  }

  private void remove(String body) {
    try {
      disk.delete(body);
    } catch (IOException e) {
      LOG.warn("{} stays until the next start: {}", body, e.toString());
    }
  }

  /** Whether the oldest segment holds up more than copying it costs. */
  private boolean sparse() {
    List<Segment> all = segments.all();
    if (all.size() < 3) {
      return false;
    }
    Segment oldest = all.get(0);
    long used = all.stream().mapToLong(s -> s.end).sum();
    long live = all.stream().mapToLong(s -> s.liveBytes.get()).sum();
    return oldest.live.get() > 0 && (live < used / 4 || oldest.liveBytes.get() < oldest.end / 4);
  }

  private void copyForward(Segment oldest) throws IOException {
    var ids = new ArrayList<Long>();
    index.lock.lock();
    try {
      index.entries.forEach(
          entry -> {
            if (entry.segment == oldest
                && ids.size() < MOST_COPIES
                && !damaged.contains(entry.id)) {
              ids.add(entry.id);
            }
          });
    } finally {
      index.lock.unlock();
    }
    for (long id : ids) {
      copy(id, oldest);
    }
  }

  private void copy(long id, Segment from) throws IOException {
    Entry entry;
    index.lock.lock();
    try {
      entry = index.acquire(id);
      if (entry == null) {
        return;
      }
      if (entry.segment != from) {
        index.release(entry);
        return;
      }
    } finally {
      index.lock.unlock();
    }
    try {
      var failures = new ArrayList<List<Entry.Failure>>();
      var reports = new ArrayList<int[]>();
      byte[] payload;
      try {
        payload = state(entry, failures).encode(reports);
      } catch (IOException | RuntimeException e) { // the others have their turn all the same
        damaged.add(id);
        LOG.error("message {} stays in {}: {}", id, from.name, e.toString());
        return;
      }
      var pending = Pending.forced(List.of(Rec.of(Frame.COPY, payload)));
      committer.write(pending);
      index.lock.lock();
      try {
        moved(entry, pending, failures, reports);
      } finally {
        index.lock.unlock();
      }
    } finally {
      index.lock.lock();
      try {
        index.release(entry);
      } finally {
        index.lock.unlock();
      }
    }
  }

  /** The payload of the message's record, or what follows is a copy in which damage looks whole. */
  private static byte[] payload(Entry entry) throws IOException {
    long at = entry.offset - (long) Frame.SIZE;
    var head = ByteBuffer.wrap(entry.segment.read(at, Frame.SIZE));
    int length = head.getInt(0);
    if (Frame.valid(head, entry.segment.generation) && at + length < entry.segment.end) {
      byte[] payload = entry.segment.read(entry.offset, length);
      if (Frame.checksum(payload, 0, length) == head.getInt(16)) {
        return payload;
      }
    }
    throw new IOException("its record at offset " + at + " is damaged");
  }

  private static void moved(
      Entry entry, Pending pending, List<List<Entry.Failure>> failures, List<int[]> reports) {
    entry.segment.lost(entry.recordLength());
    entry.segment = pending.segment;
    entry.offset = pending.offsets[0];
    for (int i = 0; i < failures.size(); i++) {
      for (int k = 0; k < failures.get(i).size(); k++) {
        Entry.Failure failure = failures.get(i).get(k);
        if (failure != null) {
          failure.segment = pending.segment;
          failure.offset = pending.offsets[0] + reports.get(i)[k];
        }
      }
    }
  }

  /** The message as it was written and its whole state; the failures, or null, in that order. */
  private static Copy state(Entry entry, List<List<Entry.Failure>> failures) throws IOException {
    byte[] payload = Arrays.copyOf(payload(entry), entry.recordLength() - Frame.SIZE);
    var recipients = Envelope.decode(payload).record().recipients();
    var outcomes = new ArrayList<Outcomes>();
    for (Channel channel : List.of(Channel.LOCAL, Channel.REMOTE)) {
      var list = new ArrayList<RecipientOutcome>();
      var failed = new ArrayList<Entry.Failure>();
      for (int i = 0; i < recipients.size(); i++) {
        if (recipients.get(i).channel() == channel && entry.isFinished(i)) {
          Entry.Failure failure = failure(entry, i);
          failed.add(failure);
          list.add(failure == null ? RecipientOutcome.done(i) : Reports.read(failure));
        }
      }
      Part part = Index.part(entry, channel);
      if (part != null && part.late) {
        failed.add(null);
        list.add(new RecipientOutcome(0, ReportedAction.DELAYED, "")); // whichever: of all
      }
      failures.add(failed);
      outcomes.add(new Outcomes(entry.id, channel, due(entry, channel), list));
    }
    return new Copy(payload, entry.held, outcomes);
  }

  static Rec hold(long id, boolean held) {
    var out = ByteBuffer.allocate(9).putLong(id).put((byte) (held ? 1 : 0));
    return Rec.of(Frame.HOLD, out.array());
  }

  private static long due(Entry entry, Channel channel) {
    Part part = Index.part(entry, channel);
    return part == null ? Outcomes.SAME : part.due;
  }

  private static Entry.Failure failure(Entry entry, int recipient) {
    for (var one = entry.failures; one != null; one = one.next) {
      if (one.recipient == recipient) {
        return one;
      }
    }
    return null;
  }
}
