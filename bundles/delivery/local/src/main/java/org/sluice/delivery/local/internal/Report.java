package org.sluice.delivery.local.internal;

import org.sluice.api.delivery.DeliveryResult;

/** What a delivery has printed so far, as qmail-lspawn reads it (spec 40 section 2.4). */
final class Report {
  private static final int LIMIT = 3000;
  private static final int KEPT = 2966;
  private final StringBuilder text = new StringBuilder();

  /** Appends; what is beyond the limit is not kept. */
  void print(String more) {
    if (text.length() <= LIMIT) {
      text.append(more, 0, Math.min(more.length(), LIMIT + 1));
    }
  }

  /** The result with everything printed so far in front of its own text. */
  DeliveryResult end(DeliveryResult result) {
    if (result instanceof DeliveryResult.TempFail temp) {
      print(temp.why());
      return new DeliveryResult.TempFail(text(), temp.retryAfter());
    }
    if (result instanceof DeliveryResult.PermFail perm) {
      print(perm.why());
      return new DeliveryResult.PermFail(text());
    }
    if (result instanceof DeliveryResult.Delivered done) {
      print(done.detail());
    }
    return new DeliveryResult.Delivered(text());
  }

  private String text() {
    if (text.length() > LIMIT) {
      text.setLength(KEPT);
      text.append("\nError report too long, sorry.\n");
    }
    int nul = text.indexOf("\0");
    return nul < 0 ? text.toString() : text.substring(0, nul);
  }
}
