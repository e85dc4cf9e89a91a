package org.sluice.api.filter;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Where listeners and the queue tell what happens to mail, for {@link MailObserver}s. A service
 * that is there only while somebody observes: whoever finds none has nothing to tell and need not
 * even make the event. Thread-safe.
 */
@ProviderType
public interface MailEvents {
  /** Hands an event to every observer's queue. Never blocks and never throws. */
  void publish(MailEvent event);
}
