package org.sluice.delivery.local.internal;

import java.io.IOException;
import org.sluice.api.program.ExitCode;
import org.sluice.base.SystemError;

/** Ends a delivery where qmail-local would print a line and exit. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;
  private final int status;

  private Refusal(int status, String text) {
    super(text, null, false, false);
    this.status = status;
  }

  /** Exit 111. */
  static Refusal temporary(String text) {
    return new Refusal(ExitCode.TEMPORARY, text);
  }

  /** Exit 100. */
  static Refusal permanent(String text) {
    return new Refusal(ExitCode.PERMANENT, text);
  }

  /** {@code Unable to open FILE: ERR. (#4.3.0)}. */
  static Refusal open(String file, IOException cause) {
    return temporary("Unable to open " + file + ": " + SystemError.text(cause) + ". (#4.3.0)");
  }

  /** {@code Unable to read message: ERR. (#4.3.0)}. */
  static Refusal read(IOException cause) {
    return temporary("Unable to read message: " + SystemError.text(cause) + ". (#4.3.0)");
  }

  Exit exit() {
    return new Exit(status);
  }
}
