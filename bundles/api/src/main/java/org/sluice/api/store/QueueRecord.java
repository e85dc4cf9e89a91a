package org.sluice.api.store;

import java.time.Instant;
import java.util.List;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.ReversePath;

/**
 * All of a message but its body.
 *
 * @param sender the reverse-path
 * @param recipients as rewritten, in the order of the envelope
 * @param uid user id of the submitter
 * @param process the number in the trace line
 * @param birth when the message entered the queue
 * @param hold whether the message is held instead of delivered
 * @param options what the submitter asks for the message
 */
public record QueueRecord(
    ReversePath sender,
    List<QueuedRecipient> recipients,
    int uid,
    long process,
    Instant birth,
    boolean hold,
    MessageOptions options) {
  /** Copies the list. */
  public QueueRecord {
    recipients = List.copyOf(recipients);
  }

  /** With nothing asked for the message. */
  public QueueRecord(
      ReversePath sender,
      List<QueuedRecipient> recipients,
      int uid,
      long process,
      Instant birth,
      boolean hold) {
    this(sender, recipients, uid, process, birth, hold, MessageOptions.NONE);
  }
}
