package org.sluice.api.delivery;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.sluice.api.store.QueuedRecipient;

/**
 * Decides which way a recipient goes, before control/locals and control/virtualdomains are looked
 * at (spec 10 section 5.3). A service; all of them are asked, by service.ranking, until one
 * answers. Called on the submitter's thread for each recipient of each message, many calls at once:
 * it is on the path of every 250.
 */
@ConsumerType
@FunctionalInterface
public interface Router {
  /**
   * The channel of a recipient and the address to be queued.
   *
   * @param recipient as in the envelope, ISO-8859-1
   * @return empty to leave it to the next router, and at last to the control files
   * @throws IOException if that cannot be told now: the message is refused for the moment. A
   *     RuntimeException counts the same.
   */
  Optional<QueuedRecipient> route(String recipient) throws IOException;
}
