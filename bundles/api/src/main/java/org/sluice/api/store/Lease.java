package org.sluice.api.store;

import java.time.Instant;
import java.util.List;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.ReversePath;

/**
 * The right to attempt one message's unfinished recipients on one channel.
 *
 * @param id the message
 * @param channel the channel
 * @param token tells this lease from earlier ones of the same message
 * @param sender the reverse-path
 * @param uid user id of the submitter
 * @param process the number in the trace line
 * @param birth when the message entered the queue
 * @param size octets of the body
 * @param recipients those of the channel that are unfinished; for {@link Channel#BOUNCE} those that
 *     the sender is to be told of, with their reports
 * @param options what the submitter asks for the message
 */
public record Lease(
    QueueId id,
    Channel channel,
    long token,
    ReversePath sender,
    int uid,
    long process,
    Instant birth,
    long size,
    List<LeasedRecipient> recipients,
    MessageOptions options) {
  /** Copies the list. */
  public Lease {
    recipients = List.copyOf(recipients);
  }

  /** With nothing asked for the message. */
  public Lease(
      QueueId id,
      Channel channel,
      long token,
      ReversePath sender,
      int uid,
      long process,
      Instant birth,
      long size,
      List<LeasedRecipient> recipients) {
    this(id, channel, token, sender, uid, process, birth, size, recipients, MessageOptions.NONE);
  }
}
