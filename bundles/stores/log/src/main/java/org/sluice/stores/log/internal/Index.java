package org.sluice.stores.log.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueuedRecipient;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.api.store.ReportedAction;

/** The state of all queued messages. Every method but the lock's is called with the lock held. */
final class Index {
  /** A body file whose message is finished; removed once the finishing record is durable. */
  record Doomed(long file, Segment finishedIn) {}

  final ReentrantLock lock = new ReentrantLock();
  final EntryTable entries = new EntryTable();
  final List<Doomed> doomed = new ArrayList<>();
  private final Condition idle = lock.newCondition();
  private final Map<Channel, PartHeap> due = new EnumMap<>(Channel.class);
  private final PassedOver passedOver = new PassedOver();
  private final PartHeap leases = new PartHeap();
  private long tokens;
  private long recipients;
  private long held;

  Index() {
    for (Channel channel : Channel.values()) {
      due.put(channel, new PartHeap());
    }
  }

  /** A part and the token of its lease. */
  record Leased(Part part, long token) {}

  /** Takes a part out of the heap that it waits in. */
  void dequeue(Part part) {
    if (part.group != null) {
      passedOver.remove(part);
    } else {
      due.get(part.channel).remove(part);
    }
  }

  long recipients() {
    return recipients;
  }

  long held() {
    return held;
  }

  long leased() {
    return leases.size();
  }

  void add(Entry entry, List<QueuedRecipient> list, boolean hold, long now) {
    for (QueuedRecipient recipient : list) {
      if (recipient.channel() == Channel.LOCAL) {
        entry.local++;
      } else {
        entry.remote++;
      }
    }
    recipients += list.size();
    entry.held = hold;
    held += hold ? 1 : 0;
    entries.put(entry);
    if (entry.local > 0) {
      begin(entry, Channel.LOCAL, now);
    }
    if (entry.remote > 0) {
      begin(entry, Channel.REMOTE, now);
    }
  }

  /** Waits until no record about the message is being written; null if it is not there. */
  Entry acquire(long id) {
    Entry entry = entries.get(id);
    while (entry != null && entry.busy) {
      idle.awaitUninterruptibly();
      entry = entries.get(id);
    }
    if (entry != null) {
      entry.busy = true;
    }
    return entry;
  }

  void release(Entry entry) {
    entry.busy = false;
    if (lock.hasWaiters(idle)) {
      idle.signalAll();
    }
  }

  /** The part of a channel, or null. */
  static Part part(Entry entry, Channel channel) {
    for (Part part : entry.parts) {
      if (part.channel == channel) {
        return part;
      }
    }
    return null;
  }

  /** When the next part falls due that is not known to be for capped destinations only. */
  OptionalLong nextDue(Channel channel, Set<String> capped) {
    PartHeap next = waiting(channel, capped).peek();
    return next == null ? OptionalLong.empty() : OptionalLong.of(next.first().due);
  }

  /** Leases what is due by then, earliest first, but what is known to be for capped ones only. */
  List<Leased> lease(Channel channel, long by, int limit, Set<String> capped, long expiry) {
    var leased = new ArrayList<Leased>();
    PriorityQueue<PartHeap> heaps = waiting(channel, capped);
    while (leased.size() < limit && !heaps.isEmpty() && heaps.peek().first().due <= by) {
      PartHeap heap = heaps.remove();
      Part part = heap.first();
      dequeue(part);
      part.leased = true;
      part.token = ++tokens;
      part.expiry = expiry;
      leases.add(part);
      leased.add(new Leased(part, part.token));
      if (!heap.isEmpty()) {
        heaps.add(heap);
      }
    }
    return leased;
  }

  /** What parts wait in, none of it empty, that with the earliest one first. */
  private PriorityQueue<PartHeap> waiting(Channel channel, Set<String> capped) {
    var heaps = new PriorityQueue<PartHeap>(Comparator.comparingLong(heap -> heap.first().due));
    if (!due.get(channel).isEmpty()) {
      heaps.add(due.get(channel));
    }
    passedOver.open(channel, capped, heaps::add);
    return heaps;
  }

  /** Ends a lease that has found nothing to do but for these destinations, which are capped. */
  void passOver(Part part, Set<String> destinations) {
    leases.remove(part);
    part.leased = false;
    if (!part.entry.held) {
      passedOver.add(part, destinations);
    }
  }

  void extend(Part part, long expiry) {
    leases.remove(part);
    part.expiry = expiry;
    leases.add(part);
  }

  /** Ends a lease; the part is due as it was unless changed. */
  void unlease(Part part) {
    if (part.leased) {
      leases.remove(part);
      part.leased = false;
      enqueue(part);
    }
  }

  void expire(long now) {
    while (!leases.isEmpty() && leases.first().expiry <= now) {
      unlease(leases.first());
    }
  }

  void reschedule(Part part, long when) {
    if (part.position >= 0 && !part.leased) {
      dequeue(part);
    }
    part.due = when;
    if (!part.leased) {
      enqueue(part);
    }
  }

  /** Makes all that waits on channels due, unless it is held; how many messages were touched. */
  long flush(long when, Set<Channel> channels) {
    long[] touched = {0};
    entries.forEach(
        entry -> {
          if (!entry.held) {
            touched[0] += flush(entry, when, channels) ? 1 : 0;
          }
        });
    return touched[0];
  }

  private boolean flush(Entry entry, long when, Set<Channel> channels) {
    boolean touched = false;
    for (Part part : entry.parts) {
      if (channels.contains(part.channel)) {
        touched = true;
        if (part.due > when) {
          reschedule(part, when);
        }
      }
    }
    return touched;
  }

  void hold(Entry entry, boolean hold, long now) {
    if (entry.held == hold) {
      return;
    }
    entry.held = hold;
    held += hold ? 1 : -1;
    for (Part part : entry.parts) {
      if (!part.leased && hold) {
        dequeue(part);
      } else if (!hold) {
        reschedule(part, now);
      }
    }
  }

  /** Notes what became of recipients; reports lie at the given offsets of the segment. */
  void outcomes(Entry entry, Channel channel, List<RecipientOutcome> list, Segment at, int[] pos) {
    for (int i = 0; i < list.size(); i++) {
      RecipientOutcome one = list.get(i);
      if (one.index() < 0 || one.index() >= entry.recipients) {
        continue;
      }
      if (one.action() == ReportedAction.DELAYED) {
        late(entry, channel);
      } else if (!entry.isFinished(one.index())) {
        finish(entry, channel, one, at, pos[i]);
      } else if (one.reported()) {
        moved(entry, one.index(), at, pos[i]);
      }
    }
  }

  private static void late(Entry entry, Channel channel) {
    Part part = part(entry, channel);
    if (part != null) {
      part.late = true;
    }
  }

  private void finish(Entry entry, Channel channel, RecipientOutcome one, Segment at, int pos) {
    if (entry.finished == null) {
      entry.finished = new BitSet(entry.recipients);
    }
    entry.finished.set(one.index());
    recipients--;
    if (channel == Channel.LOCAL) {
      entry.local--;
    } else {
      entry.remote--;
    }
    if (one.reported()) {
      entry.failures = new Entry.Failure(one.index(), one.failed(), at, pos, entry.failures);
    }
  }

  private static void moved(Entry entry, int recipient, Segment at, int pos) {
    for (var failure = entry.failures; failure != null; failure = failure.next) {
      if (failure.recipient == recipient) {
        failure.segment = at;
        failure.offset = pos;
      }
    }
  }

  /** Ends channels without work; begins the bounce, or removes the message, when all is done. */
  void review(Entry entry, long now, Segment writtenIn) {
    for (Part part : entry.parts) {
      if (part.channel == Channel.LOCAL && entry.local == 0
          || part.channel == Channel.REMOTE && entry.remote == 0) {
        end(entry, part);
      }
    }
    if (entry.local + entry.remote == 0 && part(entry, Channel.BOUNCE) == null) {
      if (entry.failures == null) {
        remove(entry, writtenIn);
      } else {
        begin(entry, Channel.BOUNCE, now);
      }
    }
  }

  void remove(Entry entry, Segment writtenIn) {
    for (Part part : entry.parts) {
      end(entry, part);
    }
    recipients -= entry.local + entry.remote;
    held -= entry.held ? 1 : 0;
    entries.remove(entry.id);
    entry.gone = true;
    if (entry.file != 0) {
      doomed.add(new Doomed(entry.file, writtenIn));
    }
    entry.segment.lost(entry.recordLength());
  }

  private void begin(Entry entry, Channel channel, long when) {
    var parts = java.util.Arrays.copyOf(entry.parts, entry.parts.length + 1);
    parts[parts.length - 1] = new Part(entry, channel, when);
    entry.parts = parts;
    enqueue(parts[parts.length - 1]);
  }

  private void end(Entry entry, Part part) {
    if (part.leased) {
      leases.remove(part);
      part.leased = false;
    } else if (part.position >= 0) {
      dequeue(part);
    }
    entry.parts = java.util.Arrays.stream(entry.parts).filter(p -> p != part).toArray(Part[]::new);
  }

  private void enqueue(Part part) {
    if (!part.entry.held && part.position < 0) {
      due.get(part.channel).add(part);
    }
  }
}
