package org.sluice.api.store;

import org.sluice.api.mail.RecipientOptions;

/**
 * A recipient after rewriting.
 *
 * @param channel LOCAL or REMOTE
 * @param address bytes as an ISO-8859-1 string; for LOCAL with the virtual domain's prefix
 * @param options what the submitter asks for it
 */
public record QueuedRecipient(Channel channel, String address, RecipientOptions options) {
  /** With nothing asked. */
  public QueuedRecipient(Channel channel, String address) {
    this(channel, address, RecipientOptions.NONE);
  }

  /** The same with something else asked. */
  public QueuedRecipient withOptions(RecipientOptions other) {
    return new QueuedRecipient(channel, address, other);
  }
}
