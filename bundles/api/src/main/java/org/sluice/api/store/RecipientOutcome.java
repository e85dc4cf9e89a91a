package org.sluice.api.store;

/**
 * What became of one recipient for good. One that is to be tried again has no outcome.
 *
 * @param index position in the {@link QueueRecord}
 * @param failed whether the sender is to be told
 * @param report the text for the sender, ISO-8859-1; empty unless failed
 */
public record RecipientOutcome(int index, boolean failed, String report) {
  /** Delivered, or dropped without a bounce. */
  public static RecipientOutcome done(int index) {
    return new RecipientOutcome(index, false, "");
  }

  /** Failed; the sender gets the report. */
  public static RecipientOutcome failed(int index, String report) {
    return new RecipientOutcome(index, true, report);
  }
}
