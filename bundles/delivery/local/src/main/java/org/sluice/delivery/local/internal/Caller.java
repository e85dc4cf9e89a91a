package org.sluice.delivery.local.internal;

import java.util.Optional;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryResult;

/** Lets agents carry out instructions. */
interface Caller {
  /** By the agent with this name; deferred if there is none. */
  DeliveryResult call(String kind, Delivery delivery) throws InterruptedException;

  /** Why there is no agent with this name now; empty if there is one. */
  Optional<DeliveryResult> missing(String kind);
}
