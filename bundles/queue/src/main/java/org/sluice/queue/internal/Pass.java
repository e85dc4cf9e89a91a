package org.sluice.queue.internal;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.QueueStore;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.api.store.ReportedAction;

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
  private final List<LeasedRecipient> late = new ArrayList<>();
  private Instant scheduled;
  private Instant sooner = Instant.MAX;
  private boolean rescheduled;
  private int started;
  private int reported;
  private boolean abandoned;
  private boolean telling;
  private boolean ended;
  private boolean left;

  /** A pass that starts now; when what stays undone is due again, unless that is changed. */
  Pass(QueueStore store, Lease lease, Instant scheduled, boolean dying) {
    this.store = store;
    this.lease = lease;
    this.scheduled = scheduled;
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

  /** How many have been taken. */
  int taken() {
    return started;
  }

  boolean begun() {
    return started > 0;
  }

  boolean hasMore() {
    return started < lease.recipients().size();
  }

  /**
   * Has the first who calls this choose when what stays undone is due again, given when it would
   * be. Call it before the recipient is reported for whom it is called; no lock is held meanwhile.
   */
  void reschedule(UnaryOperator<Instant> choice) {
    Instant usual;
    lock.lock();
    try {
      if (rescheduled) {
        return;
      }
      rescheduled = true;
      usual = scheduled;
    } finally {
      lock.unlock();
    }
    Instant chosen = choice.apply(usual);
    lock.lock();
    try {
      scheduled = chosen;
    } finally {
      lock.unlock();
    }
  }

  /** With the lock. */
  private void noLaterThan(Optional<Instant> retryAt) {
    sooner = retryAt.filter(sooner::isAfter).orElse(sooner);
  }

  /** Nothing becomes of this recipient now. */
  void deferred(Optional<Instant> retryAt) {
    lock.lock();
    try {
      reported++;
      noLaterThan(retryAt);
    } finally {
      lock.unlock();
    }
  }

  /** Nothing becomes of it now, of which its sender is to be told: a report's recipient. */
  void late(LeasedRecipient recipient, Optional<Instant> retryAt) {
    lock.lock();
    try {
      late.add(recipient);
    } finally {
      lock.unlock();
    }
    deferred(retryAt);
  }

  /**
   * Whose sender is to be told that they are late: all of them, when the last recipient has been
   * reported; none if some were not tried, as all of a channel are told of at once. Whoever gets
   * any has to call {@link #told}, before which the pass does not end.
   */
  List<LeasedRecipient> toTell() {
    lock.lock();
    try {
      if (telling || ended || abandoned || late.isEmpty() || reported < lease.recipients().size()) {
        return List.of();
      }
      List<LeasedRecipient> all = List.copyOf(late);
      telling = true;
      return all;
    } finally {
      lock.unlock();
    }
  }

  /** The sender has been told of these; if not, tries again at that time. */
  void told(List<LeasedRecipient> all, Optional<Instant> retryAt) {
    lock.lock();
    try {
      telling = false;
      late.clear();
      if (retryAt.isEmpty()) {
        all.forEach(
            one -> outcomes.add(new RecipientOutcome(one.index(), ReportedAction.DELAYED, "")));
      } else {
        noLaterThan(retryAt);
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
      if (ended || telling || !over && outcomes.size() < BATCH) {
        return false;
      }
      Instant next = sooner.isBefore(scheduled) ? sooner : scheduled;
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
    lock.lock();
    try {
      abandoned = true;
    } finally {
      lock.unlock();
    }
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
