package org.sluice.api.queue;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The way into the queue, the same for every listener, agent and program: body first, then the
 * envelope, then one durable commit (spec 10 section 2). Thread-safe.
 */
@ProviderType
public interface MailQueue {
  /**
   * Begins a message. The trace line {@code Received: (qmail ... invoked ...)} is written in front
   * of the body.
   *
   * @throws QueueException if the queue cannot take mail now
   */
  Draft open(Origin origin) throws QueueException;
}
