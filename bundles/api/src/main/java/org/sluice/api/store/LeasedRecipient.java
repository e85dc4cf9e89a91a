package org.sluice.api.store;

import org.sluice.api.mail.RecipientOptions;

/**
 * One recipient of a lease.
 *
 * @param index position in the {@link QueueRecord}
 * @param address as queued
 * @param channel the recipient's own channel
 * @param action what its sender is to be told, for {@link Channel#BOUNCE}; else DELAYED if its
 *     sender has been told that, or NONE
 * @param report the text of it, for {@link Channel#BOUNCE}; else empty
 * @param options what the submitter asks for it
 */
public record LeasedRecipient(
    int index,
    String address,
    Channel channel,
    ReportedAction action,
    String report,
    RecipientOptions options) {
  /** With nothing asked: unfinished, or failed if there is a report. */
  public LeasedRecipient(int index, String address, Channel channel, String report) {
    this(
        index,
        address,
        channel,
        report.isEmpty() ? ReportedAction.NONE : ReportedAction.FAILED,
        report,
        RecipientOptions.NONE);
  }
}
