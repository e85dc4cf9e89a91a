package org.sluice.tools.rblsmtpd.internal;

import org.sluice.base.PrintableText;

/** What becomes of a client. */
sealed interface Verdict {
  /** The program is run. */
  record Admitted() implements Verdict {}

  /**
   * It may not send mail.
   *
   * @param code 451 to try again, 553 for ever
   * @param text why, as whoever lists it says it
   */
  record Blocked(int code, String text) implements Verdict {
    private static final int LONGEST = 200;

    /** The reply of all that is refused, without its end; printable. */
    String reply() {
      String cut = text.substring(0, Math.min(LONGEST, text.length()));
      return code + " " + PrintableText.of(cut, '?');
    }
  }
}
