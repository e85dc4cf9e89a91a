package org.sluice.queue.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.sluice.api.mail.DeliverBy;
import org.sluice.api.mail.DeliverBy.Mode;
import org.sluice.api.mail.Notify;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeasedRecipient;

/**
 * By when a message is to be delivered (RFC 2852 section 4.1), and since when it is late. Mail that
 * asks for nothing has no deadline and is never late.
 */
final class Deadline {
  /** Since when mail without a deadline is late for those who want to hear of it (NOTIFY=DELAY). */
  private static final Duration LATE = Duration.ofHours(4);

  private Deadline() {}

  /** Whether no attempt may begin any more, and what is not delivered goes back. */
  static boolean expired(Lease lease, Instant now) {
    return by(lease, Mode.RETURN).filter(by -> !now.isBefore(by.deadline())).isPresent();
  }

  /** When to go on with what is not done now: by the schedule, but not later than the deadline. */
  static Instant next(Lease lease, Instant now, Instant scheduled) {
    return lease
        .options()
        .deliverBy()
        .map(DeliverBy::deadline)
        .filter(deadline -> deadline.isAfter(now) && deadline.isBefore(scheduled))
        .orElse(scheduled);
  }

  /** Whether the sender is to be told now, and for the first time, that a recipient is late. */
  static boolean late(Lease lease, LeasedRecipient recipient, Instant now) {
    Optional<DeliverBy> by = by(lease, Mode.NOTIFY);
    var words = recipient.options().notifyOn();
    boolean wanted = words.contains(Notify.DELAY) || by.isPresent() && words.isEmpty();
    return wanted
        && !Telling.late(recipient)
        && Telling.hasSender(lease)
        && !now.isBefore(by.map(DeliverBy::deadline).orElseGet(() -> lease.birth().plus(LATE)));
  }

  /** Whether the sender is to be told that the next host has a message (RFC 2852 4.1.4). */
  static boolean traced(Lease lease, LeasedRecipient recipient, boolean timely, Instant now) {
    Optional<DeliverBy> by = lease.options().deliverBy();
    boolean lost =
        by.filter(b -> b.mode() == Mode.NOTIFY && !timely && now.isBefore(b.deadline()))
            .isPresent();
    return (lost || by.filter(DeliverBy::trace).isPresent())
        && !recipient.options().notifyOn().contains(Notify.NEVER);
  }

  private static Optional<DeliverBy> by(Lease lease, Mode mode) {
    return lease.options().deliverBy().filter(by -> by.mode() == mode);
  }
}
