package org.sluice.stores.log.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

/** The log store of this installation, in {@code queue/log} of its home, as a service. */
@Component(service = QueueStore.class)
public final class LogStoreComponent implements QueueStore {
  private static final Logger LOG = LoggerFactory.getLogger(LogStoreComponent.class);

  private final LogStore store;
  private final DirectoryLock lock;

  /** Opens the queue. */
  @Activate
  public LogStoreComponent(BundleContext context) throws IOException {
    String home = context.getProperty("sluice.home");
    if (home == null) {
      throw new IOException("framework property sluice.home is not set");
    }
    var directory = Path.of(home, "queue", "log");
    try {
      var disk = new FileDisk(directory);
      lock = new DirectoryLock(directory);
      store = open(lock, () -> new LogStore(disk, LogOptions.DEFAULT, Clock.systemUTC()));
    } catch (IOException | RuntimeException e) {
      LOG.error("the queue cannot be opened: {}", e.toString()); // bin/sluice looks for this line
      throw e;
    }
  }

  /** Makes a store. */
  interface Opening {
    LogStore open() throws IOException;
  }

  /** What holds the lock, or, whatever is thrown, nothing does: the next activation must get it. */
  static LogStore open(DirectoryLock lock, Opening opening) throws IOException {
    LogStore opened = null;
    try {
      opened = opening.open();
      return opened;
    } finally {
      if (opened == null) {
        lock.close();
      }
    }
  }

  /** Closes it. */
  @Deactivate
  public void close() throws IOException {
    try {
      store.close();
    } finally {
      lock.close();
    }
  }

  @Override
  public StagedBody stage() {
    return store.stage();
  }

  @Override
  public QueueId commit(StagedBody body, QueueRecord record) throws IOException {
    return store.commit(body, record);
  }

  @Override
  public List<Lease> lease(LeaseRequest request) throws IOException {
    return store.lease(request);
  }

  @Override
  public boolean extend(Lease lease, Duration by) {
    return store.extend(lease, by);
  }

  @Override
  public boolean giveBack(Lease lease, Instant due) {
    return store.giveBack(lease, due);
  }

  @Override
  public boolean settle(Lease lease, List<RecipientOutcome> outcomes, Optional<Instant> nextAttempt)
      throws IOException {
    return store.settle(lease, outcomes, nextAttempt);
  }

  @Override
  public MessageSource message(QueueId id) throws IOException {
    return store.message(id);
  }

  @Override
  public Optional<Instant> nextDue(Channel channel) {
    return store.nextDue(channel);
  }

  @Override
  public Optional<Instant> nextDue(Channel channel, Set<String> capped) {
    return store.nextDue(channel, capped);
  }

  @Override
  public Stream<QueueEntry> browse() {
    return store.browse();
  }

  @Override
  public Stream<QueueEntry> browse(BiConsumer<QueueId, IOException> broken) {
    return store.browse(broken);
  }

  @Override
  public boolean apply(QueueId id, QueueAction action) throws IOException {
    return store.apply(id, action);
  }

  @Override
  public long flush() throws IOException {
    return store.flush();
  }

  @Override
  public long makeDue(Channel channel) {
    return store.makeDue(channel);
  }

  @Override
  public StoreStatistics statistics() {
    return store.statistics();
  }
}
