package org.sluice.api.delivery;

import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;
import org.sluice.api.store.QueuedRecipient;

/**
 * Tells where the queue would send a recipient that was submitted now: what {@link Router}s,
 * control/locals and control/virtualdomains say (spec 10 section 5.3). A service of the queue.
 * Thread-safe; on the caller's thread, and as fast as those are.
 */
@ProviderType
@FunctionalInterface
public interface Destinations {
  /**
   * The channel of a recipient and the address that would be queued.
   *
   * @param recipient as in the envelope, ISO-8859-1
   * @throws IOException if that cannot be told now, which is temporary
   */
  QueuedRecipient find(String recipient) throws IOException;
}
