package org.sluice.api.delivery;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Attempts queued recipients of one channel: local delivery (the job of qmail-lspawn) or an SMTP
 * client (of qmail-rspawn). A service with the property {@value #CHANNEL}. Called on a thread of
 * the queue's own, as many calls at once as the channel's concurrency allows. A throw counts as a
 * temporary failure; an interrupt means shut-down or removal: return soon.
 */
@ConsumerType
@FunctionalInterface
public interface Transport {
  /** Service property: {@code local} or {@code remote}. */
  String CHANNEL = "sluice.channel";

  /** One attempt. */
  DeliveryResult deliver(Attempt attempt) throws IOException, InterruptedException;
}
