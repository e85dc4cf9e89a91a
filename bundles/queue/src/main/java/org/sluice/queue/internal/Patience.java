package org.sluice.queue.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.LeasedRecipient;

/**
 * How long mail beyond its lifetime waits for what is "not there at the moment": a day of this
 * process. What is being replaced, or comes after a long outage, is back by then; an agent that
 * does not exist never is, and the sender is to hear of it. Thread-safe.
 */
final class Patience {
  private static final Duration LIMIT = Duration.ofDays(1);

  private record Key(QueueId id, int recipient) {}

  private final ConcurrentMap<Key, Instant> since = new ConcurrentHashMap<>();

  /** Whether it has waited long enough; the first question begins the wait. */
  boolean ends(QueueId id, LeasedRecipient recipient, Instant now) {
    Instant first = since.putIfAbsent(new Key(id, recipient.index()), now);
    return first != null && Duration.between(first, now).compareTo(LIMIT) > 0;
  }

  /** It waits no more, or for something else. */
  void forget(QueueId id, LeasedRecipient recipient) {
    if (!since.isEmpty()) {
      since.remove(new Key(id, recipient.index()));
    }
  }
}
