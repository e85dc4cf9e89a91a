package org.sluice.api.filter;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Sees what happens to mail and can neither delay nor change it. A service. Called on one thread of
 * its own, event by event in the order they came, from a bounded queue: what does not fit because
 * the observer is slow is dropped and counted. An interrupt means that the observer is being
 * removed.
 */
@ConsumerType
@FunctionalInterface
public interface MailObserver {
  /** Something happened. A throw is logged and ignored. */
  void observed(MailEvent event);
}
