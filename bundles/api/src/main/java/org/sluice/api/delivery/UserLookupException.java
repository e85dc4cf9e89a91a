package org.sluice.api.delivery;

import java.io.IOException;

/** Who controls an address cannot be told now. Carries an exit status of qmail-lspawn's table. */
public final class UserLookupException extends IOException {
  private static final long serialVersionUID = 1L;

  /** A home cannot be looked at for a reason that will pass. */
  public static final int HOME = 115;

  /** There is no alias user, to whom all other addresses belong. */
  public static final int NO_ALIAS = 116;

  /** The table of assignments cannot be read. */
  public static final int ASSIGNMENTS = 117;

  /** The system's accounts cannot be read. */
  public static final int SYSTEM = 118;

  private final int exitCode;

  /**
   * A failure.
   *
   * @param exitCode one of the above, or another status of spec 40 section 2.4
   * @param message for the operator
   */
  public UserLookupException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The status, which decides the report. */
  public int exitCode() {
    return exitCode;
  }
}
