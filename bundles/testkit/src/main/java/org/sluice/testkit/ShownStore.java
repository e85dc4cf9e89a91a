package org.sluice.testkit;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
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

/** A store that can only be looked at: it shows what the test says. */
public class ShownStore implements QueueStore {
  private final long messages;

  /** With so many messages in its statistics, and none to browse. */
  public ShownStore(long messages) {
    this.messages = messages;
  }

  /** What there is to see; a test replaces it. */
  @Override
  public Stream<QueueEntry> browse(BiConsumer<QueueId, IOException> broken) {
    return Stream.empty();
  }

  @Override
  public final Stream<QueueEntry> browse() {
    return browse((id, why) -> {});
  }

  @Override
  public final StoreStatistics statistics() {
    return new StoreStatistics(messages, messages, 0, 0, 0, 0);
  }

  private static AssertionError untouchable() {
    return new AssertionError("was only to be looked at");
  }

  @Override
  public final StagedBody stage() {
    throw untouchable();
  }

  @Override
  public final QueueId commit(StagedBody body, QueueRecord record) {
    throw untouchable();
  }

  @Override
  public final List<Lease> lease(LeaseRequest request) {
    throw untouchable();
  }

  @Override
  public final boolean extend(Lease lease, Duration by) {
    throw untouchable();
  }

  @Override
  public final boolean giveBack(Lease lease, Instant due) {
    throw untouchable();
  }

  @Override
  public final boolean settle(
      Lease lease, List<RecipientOutcome> outcomes, Optional<Instant> nextAttempt) {
    throw untouchable();
  }

  @Override
  public final MessageSource message(QueueId id) {
    throw untouchable();
  }

  @Override
  public final Optional<Instant> nextDue(Channel channel) {
    throw untouchable();
  }

  /** A test that lets it be changed replaces it. */
  @Override
  public boolean apply(QueueId id, QueueAction action) throws IOException {
    throw untouchable();
  }

  @Override
  public final long flush() {
    throw untouchable();
  }

  @Override
  public final long makeDue(Channel channel) {
    throw untouchable();
  }
}
