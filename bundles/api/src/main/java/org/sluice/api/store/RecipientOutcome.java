package org.sluice.api.store;

/**
 * What became of one recipient for good. One that is to be tried again has no outcome, but for
 * {@link ReportedAction#DELAYED}.
 *
 * @param index position in the {@link QueueRecord}
 * @param action what the sender is to be told
 * @param report the text for the sender, ISO-8859-1; empty if the action is NONE
 */
public record RecipientOutcome(int index, ReportedAction action, String report) {
  /** Delivered, or dropped without a bounce. */
  public static RecipientOutcome done(int index) {
    return new RecipientOutcome(index, ReportedAction.NONE, "");
  }

  /** Failed; the sender gets the report. */
  public static RecipientOutcome failed(int index, String report) {
    return new RecipientOutcome(index, ReportedAction.FAILED, report);
  }

  /** Whether the sender is to be told of a failure. */
  public boolean failed() {
    return action == ReportedAction.FAILED;
  }

  /** Whether the sender is to be told anything. */
  public boolean reported() {
    return action != ReportedAction.NONE;
  }
}
