package org.sluice.base;

import java.io.IOException;
import java.util.Map;
import org.sluice.api.control.Control;

/** The limit on the size of a message: databytes and DATABYTES (spec 20 section 7.1). */
public final class DataBytes {
  private static final long UNSIGNED = 0xffff_ffffL;

  private DataBytes() {}

  /**
   * Octets at most; 0 for no limit.
   *
   * @param environment the TCP environment, whose DATABYTES overrides the control file
   * @throws IOException if the control file exists and cannot be read
   */
  public static long read(Control control, Map<String, String> environment) throws IOException {
    long limit = Decimal.leading(control.line("databytes").orElse(""));
    if (environment.containsKey("DATABYTES")) {
      limit = Decimal.leading(environment.get("DATABYTES"));
    }
    return Math.min(limit & UNSIGNED, UNSIGNED - 1);
  }
}
