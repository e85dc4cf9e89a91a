package org.sluice.api.delivery;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Carries out one kind of dot-qmail instruction. A service with the property {@value #AGENT}.
 * Called on the thread of the delivery, many calls at once. A throw counts as a temporary failure;
 * an interrupt means shut-down or removal.
 */
@ConsumerType
@FunctionalInterface
public interface DeliveryAgent {
  /** Service property: {@code maildir}, {@code mbox}, {@code command} or {@code forward}. */
  String AGENT = "sluice.agent";

  /** Delivers; on return with {@code Delivered} the message is on disk. */
  DeliveryResult deliver(Delivery delivery) throws IOException, InterruptedException;
}
