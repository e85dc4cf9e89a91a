package org.sluice.stores.log.internal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.api.store.ReportedAction;

/** Reads messages where the index says they are; what is being read is pinned. */
final class Reader {
  private final Disk disk;
  private final Index index;

  Reader(Disk disk, Index index) {
    this.disk = disk;
    this.index = index;
  }

  /** One place in a pinned segment. */
  private static final class Pin implements StoredMessage.Region {
    private final Segment segment;
    private final long offset;
    private final AtomicBoolean closed = new AtomicBoolean();

    Pin(Segment segment, long offset) {
      this.segment = segment;
      this.offset = offset;
      segment.pins.incrementAndGet();
    }

    @Override
    public DiskFile file() {
      return segment.file;
    }

    @Override
    public long offset() {
      return offset;
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        segment.pins.decrementAndGet();
      }
    }
  }

  private Pin pin(long id, boolean body) throws IOException {
    index.lock.lock();
    try {
      Entry entry = index.entries.get(id);
      if (entry == null) {
        throw new IOException("no message " + id);
      }
      return new Pin(entry.segment, entry.offset + (body ? entry.envelope : 0L));
    } finally {
      index.lock.unlock();
    }
  }

  MessageSource message(long id) throws IOException {
    Entry entry;
    index.lock.lock();
    try {
      entry = index.entries.get(id);
    } finally {
      index.lock.unlock();
    }
    if (entry == null) {
      throw new IOException("no message " + id);
    }
    return entry.file != 0
        ? StoredMessage.ofFile(disk, Stage.name(entry.file), entry.size)
        : new StoredMessage(entry.size, () -> pin(id, true));
  }

  Envelope envelope(Entry entry) throws IOException {
    try (Pin pin = pin(entry.id, false)) {
      return Envelope.decode(pin.segment.read(pin.offset, entry.envelope));
    }
  }

  /** Fills in a lease; empty if it was lost meanwhile. */
  Optional<Lease> lease(Part part, long token) throws IOException {
    Entry entry = part.entry;
    Envelope envelope;
    java.util.BitSet finished;
    var failures = new ArrayDeque<Entry.Failure>();
    var pins = new HashMap<Segment, Pin>(); // reports must not be recycled while they are read
    var recipients = new ArrayList<LeasedRecipient>();
    Pin pin;
    ReportedAction told;
    index.lock.lock();
    try {
      if (entry.gone || !part.leased || part.token != token) {
        return Optional.empty();
      }
      pin = new Pin(entry.segment, entry.offset);
      told = part.late ? ReportedAction.DELAYED : ReportedAction.NONE;
      finished = entry.finished == null ? new java.util.BitSet() : copy(entry.finished);
      if (part.channel == Channel.BOUNCE) {
        for (var one = entry.failures; one != null; one = one.next) {
          failures.push(
              new Entry.Failure(one.recipient, one.failed, one.segment, one.offset, null));
          pins.computeIfAbsent(one.segment, segment -> new Pin(segment, 0));
        }
      }
    } finally {
      index.lock.unlock();
    }
    try (pin) {
      envelope = Envelope.decode(pin.segment.read(pin.offset, entry.envelope));
      fill(envelope, part.channel, told, finished, failures, recipients);
    } finally {
      pins.values().forEach(Pin::close);
    }
    var record = envelope.record();
    return Optional.of(
        new Lease(
            new QueueId(entry.id),
            part.channel,
            token,
            record.sender(),
            record.uid(),
            record.process(),
            record.birth(),
            entry.size,
            recipients,
            record.options()));
  }

  private static void fill(
      Envelope envelope,
      Channel channel,
      ReportedAction told,
      java.util.BitSet finished,
      Iterable<Entry.Failure> failures,
      ArrayList<LeasedRecipient> recipients)
      throws IOException {
    var list = envelope.record().recipients();
    for (Entry.Failure failure : failures) { // a bounce names them in the order they failed in
      var one = list.get(failure.recipient);
      RecipientOutcome outcome = Reports.read(failure);
      recipients.add(
          new LeasedRecipient(
              failure.recipient,
              one.address(),
              one.channel(),
              outcome.action(),
              outcome.report(),
              one.options()));
    }
    for (int i = 0; i < list.size(); i++) {
      var one = list.get(i);
      if (one.channel() == channel && !finished.get(i)) {
        recipients.add(new LeasedRecipient(i, one.address(), channel, told, "", one.options()));
      }
    }
  }

  private static java.util.BitSet copy(java.util.BitSet bits) {
    return (java.util.BitSet) bits.clone();
  }
}
