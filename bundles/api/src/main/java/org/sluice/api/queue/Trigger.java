package org.sluice.api.queue;

import org.osgi.annotation.versioning.ProviderType;

/**
 * qmail's lock/trigger (spec 10 section 2.3): for who has made queued mail due, by the operations
 * of its store, which wake nobody. A service of the queue.
 */
@ProviderType
@FunctionalInterface
public interface Trigger {
  /**
   * Has the queue look at once for mail that is due; without this it looks within half a minute. By
   * any thread; returns at once, throws nothing.
   */
  void pull();
}
