package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueAction;
import org.sluice.api.store.RecipientOutcome;

/** Does what an operator wants with one message. */
final class Operator {
  private static final String REPORT = "The message was bounced by the postmaster.\n";

  private final Index index;
  private final Committer committer;
  private final Reader reader;

  Operator(Index index, Committer committer, Reader reader) {
    this.index = index;
    this.committer = committer;
    this.reader = reader;
  }

  static Rec remove(long id) {
    return Rec.of(Frame.REMOVE, ByteBuffer.allocate(8).putLong(id).array());
  }

  boolean apply(long id, QueueAction action, long now) throws IOException {
    Entry entry;
    index.lock.lock();
    try {
      entry = index.acquire(id);
      if (entry == null) {
        return false;
      }
      boolean ends = action == QueueAction.REMOVE || action == QueueAction.BOUNCE;
      if (ends && entry.leased()) {
        index.release(entry);
        return false;
      }
      if (ends) {
        hide(entry);
      }
    } finally {
      index.lock.unlock();
    }
    try {
      change(entry, action, now);
      return true;
    } finally {
      index.lock.lock();
      try {
        if (!entry.gone) {
          show(entry);
        }
        index.release(entry);
      } finally {
        index.lock.unlock();
      }
    }
  }

  /** Nobody may lease it while its end is being written. */
  private void hide(Entry entry) {
    for (Part part : entry.parts) {
      if (part.position >= 0) {
        index.dequeue(part);
      }
    }
  }

  private void show(Entry entry) {
    for (Part part : entry.parts) {
      if (!part.leased) {
        index.reschedule(part, part.due);
      }
    }
  }

  private void change(Entry entry, QueueAction action, long now) throws IOException {
    var records = new ArrayList<Rec>();
    var all = new ArrayList<Outcomes>();
    var positions = new ArrayList<int[]>();
    switch (action) {
      case HOLD -> records.add(Maintenance.hold(entry.id, true));
      case RELEASE -> records.add(Maintenance.hold(entry.id, false));
      case REMOVE -> records.add(remove(entry.id));
      case FLUSH -> all.addAll(due(entry, now));
      case BOUNCE -> {
        records.add(Maintenance.hold(entry.id, false));
        all.addAll(failures(entry));
      }
      default -> throw new IllegalArgumentException(action.toString());
    }
    int plain = records.size();
    for (Outcomes one : all) {
      positions.add(new int[one.list().size()]);
      records.add(Rec.of(Frame.OUTCOME, one.encode(positions.get(positions.size() - 1))));
    }
    var pending = Pending.outcome(records);
    committer.write(pending);
    index.lock.lock();
    try {
      if (action == QueueAction.REMOVE) {
        index.remove(entry, pending.segment);
        return;
      }
      if (action != QueueAction.FLUSH) {
        index.hold(entry, action == QueueAction.HOLD, now);
      }
      for (int i = 0; i < all.size(); i++) {
        int[] at = positions.get(i);
        for (int k = 0; k < at.length; k++) {
          at[k] += pending.offsets[plain + i];
        }
        Outcomes one = all.get(i);
        index.outcomes(entry, one.channel(), one.list(), pending.segment, at);
        Part part = Index.part(entry, one.channel());
        if (part != null && one.due() != Outcomes.SAME) {
          index.reschedule(part, one.due());
        }
      }
      index.review(entry, now, pending.segment);
    } finally {
      index.lock.unlock();
    }
  }

  private static List<Outcomes> due(Entry entry, long now) {
    var all = new ArrayList<Outcomes>();
    for (Part part : entry.parts) {
      all.add(new Outcomes(entry.id, part.channel, now, List.of()));
    }
    return all;
  }

  private List<Outcomes> failures(Entry entry) throws IOException {
    var recipients = reader.envelope(entry).record().recipients();
    var all = new ArrayList<Outcomes>();
    for (Channel channel : List.of(Channel.LOCAL, Channel.REMOTE)) {
      var list = new ArrayList<RecipientOutcome>();
      for (int i = 0; i < recipients.size(); i++) {
        if (recipients.get(i).channel() == channel && !entry.isFinished(i)) {
          list.add(RecipientOutcome.failed(i, REPORT));
        }
      }
      if (!list.isEmpty()) {
        all.add(new Outcomes(entry.id, channel, Outcomes.SAME, list));
      }
    }
    return all;
  }
}
