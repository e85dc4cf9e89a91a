package org.sluice.queue.internal;

import java.time.Instant;
import java.util.List;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.api.store.ReportedAction;

/**
 * What senders are told of (RFC 3461 sections 5.2 and 6). Two rules hold: a success is written down
 * as reported only if it was asked for, nobody else tells of it, and there is a sender; a failure
 * always is, and NOTIFY is looked at when the report is made, so that failures which the queue has
 * not seen (an operator's) are treated alike.
 */
final class Telling {
  private Telling() {}

  /** Whom a report goes to: the sender without the mark of variable envelope return paths. */
  static String to(Lease lease) {
    String sender = lease.sender().address();
    return sender.endsWith("-@[]") ? sender.substring(0, sender.length() - 4) : sender;
  }

  /** The outcome of a recipient that needs no further attempt and has not failed. */
  static RecipientOutcome success(
      Lease lease, LeasedRecipient recipient, DeliveryResult result, String text, Instant now) {
    boolean here = recipient.channel() == Channel.LOCAL;
    boolean tells = result instanceof DeliveryResult.Delivered delivered && delivered.tells();
    boolean timely = result instanceof DeliveryResult.Delivered delivered && delivered.timely();
    boolean told =
        !tells && recipient.options().tellsSuccess()
            || !here && Deadline.traced(lease, recipient, timely, now);
    if (!told || !hasSender(lease)) {
      return RecipientOutcome.done(recipient.index());
    }
    var action = here ? ReportedAction.DELIVERED : ReportedAction.RELAYED;
    return new RecipientOutcome(recipient.index(), action, text);
  }

  /** A recipient of whom the sender is told that it is late. */
  static LeasedRecipient delayed(LeasedRecipient recipient, String text) {
    return new LeasedRecipient(
        recipient.index(),
        recipient.address(),
        recipient.channel(),
        ReportedAction.DELAYED,
        text,
        recipient.options());
  }

  /** Whether the sender has been told that. */
  static boolean late(LeasedRecipient recipient) {
    return recipient.action() == ReportedAction.DELAYED;
  }

  static boolean hasSender(Lease lease) {
    String to = to(lease);
    return !to.isEmpty() && !to.equals(ReversePath.DOUBLE_BOUNCE.address());
  }

  /** Of the recipients of a finished message those that the sender wants to be told of. */
  static List<LeasedRecipient> of(Lease lease) {
    return lease.recipients().stream()
        .filter(
            recipient ->
                recipient.action() == ReportedAction.FAILED
                    ? recipient.options().tellsFailure()
                    : hasSender(lease))
        .toList();
  }

  /** Whether the sender has asked for anything, and so knows what a delivery status is. */
  static boolean asked(Lease lease, List<LeasedRecipient> told) {
    return lease.options().asked() || told.stream().anyMatch(r -> r.options().asked());
  }
}
