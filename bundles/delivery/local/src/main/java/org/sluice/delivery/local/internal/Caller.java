package org.sluice.delivery.local.internal;

import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryResult;

/** Lets an agent carry out an instruction. */
@FunctionalInterface
interface Caller {
  /** Of the agent with this name; deferred if there is none. */
  DeliveryResult call(String kind, Delivery delivery) throws InterruptedException;
}
