package org.sluice.base.spawn;

import org.sluice.api.delivery.DeliveryResult;

/** Answers a command without a delivery. */
final class SpawnRefusal extends Exception {
  private static final long serialVersionUID = 1L;
  private final transient DeliveryResult report;

  SpawnRefusal(DeliveryResult report) {
    super(report.toString(), null, false, false);
    this.report = report;
  }

  /** To be tried again. */
  static SpawnRefusal temporary(String why) {
    return new SpawnRefusal(new DeliveryResult.TempFail(why));
  }

  DeliveryResult report() {
    return report;
  }
}
