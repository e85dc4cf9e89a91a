package org.sluice.queue.internal;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.QueueStore;
import org.sluice.api.store.RecipientOutcome;

/**
 * One attempt at all unfinished recipients of a message on a channel (spec 10 section 6.5). Each
 * recipient is reported once, deferred or finished; when all are, the next {@link #settle} that
 * succeeds ends the pass.
 */
final class Pass {
  /** Outcomes written down together while a long pass goes on. */
  private static final int BATCH = 16;

  private final QueueStore store;
  private final Lease lease;
  private final boolean dying;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<RecipientOutcome> outcomes = new ArrayList<>();
  private Instant next;
  private int started;
  private int reported;
  private boolean ended;
  private boolean left;

  /** A pass that starts now; {@code next} is when what stays undone is due again. */
  Pass(QueueStore store, Lease lease, Instant next, boolean dying) {
    this.store = store;
    this.lease = lease;
    this.next = next;
    this.dying = dying;
  }

  Lease lease() {
    return lease;
  }

  QueueStore store() {
    return store;
  }

  boolean dying() {
    return dying;
  }

  /** The next recipient to start; called by the dispatcher only. */
  LeasedRecipient take() {
    return lease.recipients().get(started++);
  }

  /** Takes back the last {@link #take}: that recipient was not started after all. */
  void untake() {
    started--;
  }

  boolean begun() {
    return started > 0;
  }

  boolean hasMore() {
    return started < lease.recipients().size();
  }

  /** Nothing becomes of this recipient now. */
  void deferred(Optional<Instant> retryAt) {
    lock.lock();
    try {
      reported++;
      if (retryAt.isPresent() && retryAt.get().isBefore(next)) {
        next = retryAt.get();
      }
    } finally {
      lock.unlock();
    }
  }

  void finished(RecipientOutcome outcome) {
    lock.lock();
    try {
      outcomes.add(outcome); // first: if memory is short the recipient has not been reported
      reported++;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Writes down what has been reported, if it is time to; true, once, when the pass is over and
   * written.
   *
   * @throws IOException if it could not be written; to be called again
   */
  boolean settle() throws IOException {
    lock.lock();
    try {
      boolean over = reported == lease.recipients().size();
      if (ended || !over && outcomes.size() < BATCH) {
        return false;
      }
      left =
          store.settle(lease, List.copyOf(outcomes), over ? Optional.of(next) : Optional.empty());
      outcomes.clear();
      ended = over;
      return over;
    } finally {
      lock.unlock();
    }
  }

  /** Reports what was not started, which will not be: due at once. By the dispatcher. */
  void abandon(Instant now) {
    while (hasMore()) {
      take();
      deferred(Optional.of(now));
    }
  }

  /** Whether the message has left the queue with this pass, which is over. */
  boolean left() {
    return left;
  }

  boolean extend(Duration by) {
    return store.extend(lease, by);
  }
}
