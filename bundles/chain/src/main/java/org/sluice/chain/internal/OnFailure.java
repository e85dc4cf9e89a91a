package org.sluice.chain.internal;

import java.util.Locale;
import java.util.Optional;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;

/** What a filter's failure means ({@link org.sluice.api.filter.FilterProperties#ON_FAILURE}). */
enum OnFailure {
  TEMPFAIL,
  ACCEPT,
  REJECT,
  QUARANTINE;

  private static final Verdict LATER =
      new Verdict.TempFail(Reply.of(451, "4.3.0", "a filter failed, try again"));

  static Optional<OnFailure> parse(String text) {
    for (OnFailure value : values()) {
      if (value.toString().equals(text)) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /**
   * The verdict; outside a transaction there is nothing to hold, so a quarantine refuses for now.
   */
  Verdict verdict(String filter, Stage stage) {
    return switch (this) {
      case TEMPFAIL -> LATER;
      case ACCEPT -> Verdict.next();
      case REJECT -> new Verdict.Reject(Reply.of(554, "5.3.0", "refused by a filter"));
      case QUARANTINE ->
          stage.inTransaction() ? new Verdict.Quarantine("filter " + filter + " failed") : LATER;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
