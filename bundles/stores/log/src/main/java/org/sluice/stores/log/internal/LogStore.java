package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeaseRequest;
import org.sluice.api.store.QueueAction;
import org.sluice.api.store.QueueEntry;
import org.sluice.api.store.QueueRecord;
import org.sluice.api.store.QueueStore;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.api.store.StagedBody;
import org.sluice.api.store.StoreStatistics;

/** The embedded store: an append-only log with group commit, and an index in memory. */
final class LogStore implements QueueStore, AutoCloseable {
  private final Disk disk;
  private final LogOptions options;
  private final Clock clock;

  private final AtomicLong nextId = new AtomicLong(1);
  private final AtomicLong nextBody = new AtomicLong(1);
  private final AtomicLong commits = new AtomicLong();
  private final Index index = new Index();
  private final Segments segments;
  private final Damage damage;
  private final Committer committer;
  private final Maintenance maintenance;
  private final Reader reader;
  private final Browser browser;
  private final Operator operator;
  private final Leasing leasing;
  private final Optional<Rounds> background;

  LogStore(Disk disk, LogOptions options, Clock clock) throws IOException {
    this(disk, options, clock, () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
  }

  /**
   * Reads what is there.
   *
   * @param clock the time of day
   * @param ticks milliseconds from any beginning that no setting of the clock touches: by these
   *     leases expire
   */
  LogStore(Disk disk, LogOptions options, Clock clock, LongSupplier ticks) throws IOException {
    this.disk = new CarefulDisk(disk);
    this.options = options;
    this.clock = clock;
    this.segments = new Segments(this.disk, options, nextId);
    this.damage =
        new Recovery(this.disk, index, nextId, nextBody, clock.millis())
            .run(segments, options.segmentSize());
    boolean done = false;
    try {
      this.committer = new Committer(segments, options);
      committer.open();
      this.maintenance = new Maintenance(this.disk, index, segments, committer);
      this.reader = new Reader(this.disk, index);
      this.browser = new Browser(this.disk, index, reader);
      this.operator = new Operator(index, committer, reader);
      this.leasing = new Leasing(index, reader, clock, ticks);
      this.background =
          options.background() ? Optional.of(new Rounds(maintenance)) : Optional.empty();
      done = true;
    } finally {
      if (!done) { // a start that is tried again and again must not use up the descriptors
        segments.close();
      }
    }
  }

  /** Places of the log that could not be read at the start, and should have been. */
  int damagedPlaces() {
    return damage.places();
  }

  /** One round of what the background thread does, for tests. */
  void maintain() throws IOException {
    maintenance.run();
  }

  @Override
  public StagedBody stage() {
    return new Stage(disk, options.inlineLimit(), nextBody.getAndIncrement());
  }

  @Override
  public QueueId commit(StagedBody body, QueueRecord record) throws IOException {
    if (!(body instanceof Stage stage) || stage.isClosed()) {
      throw new IOException("not an open body of this store");
    }
    stage.settleDown();
    var id = new QueueId(nextId.getAndIncrement());
    if (record.recipients().isEmpty()) {
      stage.close(); // finished at once
      return id;
    }
    var envelope = new Envelope(id.value(), stage.size(), stage.number(), record);
    byte[] payload = envelope.encode(stage.octets(), stage.inMemory());
    var pending = Pending.forced(List.of(Rec.of(Frame.MESSAGE, payload)));
    try {
      committer.write(pending);
    } finally {
      if (pending.doubtful) {
        stage.keepFile();
      }
    }
    stage.committed();
    int length = Envelope.length(payload);
    var entry = new Entry(envelope, length, pending.segment, pending.offsets[0]);
    index.lock.lock();
    try {
      index.add(entry, record.recipients(), record.hold(), clock.millis());
    } finally {
      index.lock.unlock();
    }
    commits.incrementAndGet();
    return id;
  }

  @Override
  public List<Lease> lease(LeaseRequest request) throws IOException {
    return leasing.lease(request);
  }

  @Override
  public boolean giveBack(Lease lease, Instant due) {
    return leasing.giveBack(lease, due);
  }

  @Override
  public boolean extend(Lease lease, Duration by) {
    return leasing.extend(lease, by);
  }

  @Override
  public boolean settle(Lease lease, List<RecipientOutcome> outcomes, Optional<Instant> nextAttempt)
      throws IOException {
    Entry entry;
    Part part;
    index.lock.lock();
    try {
      entry = index.acquire(lease.id().value());
      part = entry == null ? null : Index.part(entry, lease.channel());
      if (part == null || part.token != lease.token()) {
        if (entry != null) {
          index.release(entry);
        }
        if (part == null && outcomes.isEmpty()) {
          return entry == null; // an earlier settle has finished it
        }
        throw new IOException("lease of message " + lease.id() + " is lost");
      }
    } finally {
      index.lock.unlock();
    }
    try {
      write(entry, part, outcomes, nextAttempt);
      return entry.gone;
    } finally {
      index.lock.lock();
      try {
        index.release(entry);
      } finally {
        index.lock.unlock();
      }
    }
  }

  private void write(
      Entry entry, Part part, List<RecipientOutcome> outcomes, Optional<Instant> nextAttempt)
      throws IOException {
    boolean bounce = part.channel == Channel.BOUNCE;
    if (bounce && nextAttempt.isEmpty()) {
      return;
    }
    long due = nextAttempt.map(Instant::toEpochMilli).orElse(Outcomes.SAME);
    int[] positions = new int[outcomes.size()];
    Rec record =
        bounce
            ? Operator.remove(entry.id)
            : Rec.of(
                Frame.OUTCOME,
                new Outcomes(entry.id, part.channel, due, outcomes).encode(positions));
    var pending = Pending.outcome(List.of(record));
    committer.write(pending);
    for (int i = 0; i < positions.length; i++) {
      positions[i] += pending.offsets[0];
    }
    index.lock.lock();
    try {
      if (bounce) {
        index.remove(entry, pending.segment);
        return;
      }
      index.outcomes(entry, part.channel, outcomes, pending.segment, positions);
      if (nextAttempt.isPresent()) {
        index.unlease(part);
        index.reschedule(part, due);
      }
      index.review(entry, clock.millis(), pending.segment);
    } finally {
      index.lock.unlock();
    }
  }

  @Override
  public MessageSource message(QueueId id) throws IOException {
    return reader.message(id.value());
  }

  @Override
  public Optional<Instant> nextDue(Channel channel) {
    return leasing.nextDue(channel, Set.of());
  }

  @Override
  public Optional<Instant> nextDue(Channel channel, Set<String> capped) {
    return leasing.nextDue(channel, capped);
  }

  @Override
  public Stream<QueueEntry> browse() {
    return browser.all();
  }

  @Override
  public Stream<QueueEntry> browse(BiConsumer<QueueId, IOException> broken) {
    return browser.whole(broken);
  }

  @Override
  public boolean apply(QueueId id, QueueAction action) throws IOException {
    return operator.apply(id.value(), action, clock.millis());
  }

  @Override
  public long flush() throws IOException {
    long now = clock.millis();
    byte[] when = ByteBuffer.allocate(8).putLong(now).array();
    committer.write(Pending.outcome(List.of(Rec.of(Frame.FLUSH, when))));
    index.lock.lock();
    try {
      return index.flush(now, EnumSet.allOf(Channel.class));
    } finally {
      index.lock.unlock();
    }
  }

  @Override
  public long makeDue(Channel channel) {
    index.lock.lock();
    try {
      return index.flush(clock.millis(), EnumSet.of(channel));
    } finally {
      index.lock.unlock();
    }
  }

  @Override
  public StoreStatistics statistics() {
    index.lock.lock();
    try {
      return new StoreStatistics(
          index.entries.size(),
          index.recipients(),
          index.held(),
          index.leased(),
          committer.forces(),
          commits.get());
    } finally {
      index.lock.unlock();
    }
  }

  @Override
  public void close() {
    try {
      background.ifPresent(Rounds::close);
      committer.close();
    } finally {
      segments.close();
    }
  }
}
