package org.sluice.stores.log.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.sluice.api.store.Channel;
import org.sluice.api.store.RecipientOutcome;

/**
 * Does to the index what the records say, in the order in which they were written. A record about a
 * message that is not there is passed over: its message was finished and freed, or has been lost,
 * or a copy comes later. As numbers are not used twice, it is never about another one.
 */
final class Replay {
  private final Index index;
  private final AtomicLong nextId;
  private final long now;

  Replay(Index index, AtomicLong nextId, long now) {
    this.index = index;
    this.nextId = nextId;
    this.now = now;
  }

  /** One record; what it says is read in full before anything is done. */
  void apply(Segment segment, int offset, int type, byte[] payload) {
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
    if (type != Frame.OUTCOME && type != Frame.HOLD && type != Frame.REMOVE) {
      return;
    }
    long id = in.getLong();
    nextId.accumulateAndGet(id + 1, Math::max);
    Entry entry = index.entries.get(id);
    if (entry == null) {
      return;
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
    Copy copy = Copy.decode(payload);
    message(segment, offset, payload);
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
}
