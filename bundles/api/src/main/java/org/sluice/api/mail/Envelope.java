package org.sluice.api.mail;

import java.util.List;

/**
 * Who a message is from and for.
 *
 * @param sender the reverse-path
 * @param recipients in the order given, duplicates kept (spec 10 section 22.1)
 * @param options what the submitter asks for the message
 */
public record Envelope(ReversePath sender, List<Recipient> recipients, MessageOptions options) {
  /** Copies the list. */
  public Envelope {
    recipients = List.copyOf(recipients);
  }

  /** With nothing asked for the message. */
  public Envelope(ReversePath sender, List<Recipient> recipients) {
    this(sender, recipients, MessageOptions.NONE);
  }

  /** The same from another sender. */
  public Envelope withSender(ReversePath other) {
    return new Envelope(other, recipients, options);
  }

  /** The same for other recipients. */
  public Envelope withRecipients(List<Recipient> others) {
    return new Envelope(sender, others, options);
  }

  /** The same with something else asked for the message. */
  public Envelope withOptions(MessageOptions other) {
    return new Envelope(sender, recipients, other);
  }
}
