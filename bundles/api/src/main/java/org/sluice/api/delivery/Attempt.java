package org.sluice.api.delivery;

import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.queue.MailQueue;

/**
 * One attempt for one recipient.
 *
 * @param id the message
 * @param sender the reverse-path
 * @param recipient as queued, ISO-8859-1
 * @param message the bytes
 * @param queue where new mail (forwards) goes
 * @param options what the submitter asks for the message
 * @param recipientOptions what the submitter asks for this recipient
 */
public record Attempt(
    QueueId id,
    ReversePath sender,
    String recipient,
    MessageSource message,
    MailQueue queue,
    MessageOptions options,
    RecipientOptions recipientOptions) {
  /** With nothing asked. */
  public Attempt(
      QueueId id, ReversePath sender, String recipient, MessageSource message, MailQueue queue) {
    this(id, sender, recipient, message, queue, MessageOptions.NONE, RecipientOptions.NONE);
  }
}
