package org.sluice.api.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.osgi.annotation.versioning.ConsumerType;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;

/**
 * Holds the queue's messages (DESIGN.md section 5). One instance serves one queue; all methods are
 * thread-safe and block on I/O. An {@link IOException} means that the operation had no effect.
 */
@ConsumerType
public interface QueueStore {
  /** Begins a body. */
  StagedBody stage() throws IOException;

  /**
   * Makes a staged body and its record one queued message, due at once on the channels of its
   * recipients. Returns when both would survive a power cut.
   *
   * @throws IOException if the message is not queued: disk full, failed force, closed store
   */
  QueueId commit(StagedBody body, QueueRecord record) throws IOException;

  /**
   * Takes due work, earliest first. A leased part of a message is given to nobody else until it is
   * settled or the lease expires; leases of a process that died are void when the store reopens.
   * What is passed over because of {@link LeaseRequest#capped} stays due. While destinations are
   * capped it may give fewer than there are, even none, so as not to take long; {@link
   * #nextDue(Channel, Set)} then says that there is more.
   */
  List<Lease> lease(LeaseRequest request) throws IOException;

  /** Prolongs a lease; false if it is lost. */
  boolean extend(Lease lease, Duration by);

  /**
   * Ends a lease of which nothing has come: the work is due again at that instant, also that of
   * {@link Channel#BOUNCE}, which settling would remove. Not written down: after a restart the
   * schedule is as it was. False if the lease is lost.
   */
  boolean giveBack(Lease lease, Instant due);

  /**
   * Writes down what became of recipients. With an instant the lease ends and what is neither done
   * nor failed is due then; without one the lease goes on. A message with all recipients done
   * leaves the queue ({@link ReportedAction#DELAYED} is not done); with all done or failed and at
   * least one that is {@link RecipientOutcome#reported} it becomes due on {@link Channel#BOUNCE},
   * and settling that lease, with any outcomes, as ended removes it. Not forced: a power cut may
   * cause a second delivery, never a lost one.
   *
   * @return whether the message has left the queue; also when it had left with an earlier call
   * @throws IOException if it could not be written, or the lease is lost
   */
  boolean settle(Lease lease, List<RecipientOutcome> outcomes, Optional<Instant> nextAttempt)
      throws IOException;

  /** The body of a queued message; fails if there is no such message. */
  MessageSource message(QueueId id) throws IOException;

  /** When the earliest work of a channel that is not leased falls due; empty if there is none. */
  Optional<Instant> nextDue(Channel channel);

  /**
   * Likewise, but without what {@link #lease} has passed over and would again, since it is for
   * capped destinations only. A store that caps none gives what {@link #nextDue(Channel)} gives.
   */
  default Optional<Instant> nextDue(Channel channel, Set<String> capped) {
    return nextDue(channel);
  }

  /**
   * The queued messages, one by one as they are asked for, tolerant of changes meanwhile: of those
   * that come or go some may be in it. One whose record cannot be read is left out. Close the
   * stream. It throws an {@link UncheckedIOException} if the store cannot go on.
   */
  Stream<QueueEntry> browse();

  /**
   * Likewise, but only messages that are whole, and tells of the others: those that are there, and
   * whose record or body is missing or cannot be opened. A store that does not look gives what
   * {@link #browse()} gives.
   *
   * @param broken told of each by the thread that asks for the next message, between those before
   *     and behind it; what it throws ends the stream
   */
  default Stream<QueueEntry> browse(BiConsumer<QueueId, IOException> broken) {
    return browse();
  }

  /**
   * Those messages that a query means, and otherwise as {@link #browse()} has it: each is judged as
   * it stands when it is asked for. This is the dry run of {@link #apply(QueueQuery, QueueAction)}.
   * A store that can look for a sender or a domain overrides this; others look at every message.
   */
  default Stream<QueueEntry> browse(QueueQuery query) {
    return browse().filter(query::matches);
  }

  /**
   * Applies an action to one message; false if it is not there (or leased, for REMOVE and BOUNCE).
   */
  boolean apply(QueueId id, QueueAction action) throws IOException;

  /**
   * Applies an action to all messages that a query means, each judged as it stands when its turn
   * comes: one that comes, goes or changes meanwhile may be among them or not. Blocks until all are
   * done, which for many takes long. A store that can do them in one step overrides this.
   *
   * @return to how many it was applied; a message that is leased is not touched by REMOVE and
   *     BOUNCE, and not counted
   * @throws IOException if it cannot go on: those done before stay as they are now. An {@link
   *     InterruptedIOException} if the calling thread is interrupted, which it stays
   */
  default long apply(QueueQuery query, QueueAction action) throws IOException {
    long applied = 0;
    try (Stream<QueueEntry> meant = browse(query)) {
      Iterator<QueueEntry> each = meant.iterator();
      while (each.hasNext()) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted after " + applied + " messages");
        }
        applied += apply(each.next().id(), action) ? 1 : 0;
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return applied;
  }

  /** Makes everything that is not held due now; how many messages were touched. */
  long flush() throws IOException;

  /**
   * Makes what waits on one channel, and is not held, due now; how many messages were touched. Not
   * written down: after a restart the schedule is as it was.
   */
  long makeDue(Channel channel);

  /** Counters, kept and never scanned for. */
  StoreStatistics statistics();
}
