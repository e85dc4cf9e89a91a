package org.sluice.api.mail;

import java.util.List;

/**
 * Who a message is from and for.
 *
 * @param sender the reverse-path
 * @param recipients in the order given, duplicates kept (spec 10 section 22.1)
 */
public record Envelope(ReversePath sender, List<Recipient> recipients) {
  /** Copies the list. */
  public Envelope {
    recipients = List.copyOf(recipients);
  }
}
