package org.sluice.delivery.local.internal;

import java.io.IOException;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.base.SystemError;

/** Ends a delivery with a report, where qmail-local would print and exit. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient DeliveryResult result;

  private Refusal(DeliveryResult result) {
    super(result.toString(), null, false, false);
    this.result = result;
  }

  /** Exit 111. */
  static Refusal temporary(String text) {
    return new Refusal(new DeliveryResult.TempFail(text + "\n"));
  }

  /** Exit 100. */
  static Refusal permanent(String text) {
    return new Refusal(new DeliveryResult.PermFail(text + "\n"));
  }

  /** {@code Unable to open FILE: ERR. (#4.3.0)}. */
  static Refusal open(String file, IOException cause) {
    return temporary("Unable to open " + file + ": " + SystemError.text(cause) + ". (#4.3.0)");
  }

  DeliveryResult result() {
    return result;
  }
}
