package org.sluice.chain.internal;

import java.io.IOException;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;

/** The host could not do its part of a call: always temporary, and no failure of the filter. */
final class LocalTrouble extends IOException {
  private static final long serialVersionUID = 1L;

  private static final Verdict STORAGE =
      new Verdict.TempFail(Reply.of(452, "4.3.1", "no room for a filter's changes, try again"));
  private static final Verdict OTHER =
      new Verdict.TempFail(Reply.of(451, "4.3.0", "the message cannot be filtered now, try again"));

  private final transient Verdict verdict;

  private LocalTrouble(String message, Throwable cause, Verdict verdict) {
    super(message, cause);
    this.verdict = verdict;
  }

  /** A filter's changes could not be written down. */
  static LocalTrouble storage(Throwable cause) {
    return new LocalTrouble("no room for a filter's changes", cause, STORAGE);
  }

  /** Anything else. */
  static LocalTrouble other(String message, Throwable cause) {
    return new LocalTrouble(message, cause, OTHER);
  }

  Verdict verdict() {
    return verdict;
  }
}
