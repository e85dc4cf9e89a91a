package org.sluice.queue.internal;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.store.QueueStore;

/** SIGALRM: whatever waits becomes due, as soon as there is a store. Thread-safe. */
final class Flush {
  private static final Logger LOG = LoggerFactory.getLogger(Flush.class);
  private final AtomicBoolean wanted = new AtomicBoolean();

  void want() {
    wanted.set(true);
  }

  /** Does it if it is wanted. */
  void run(QueueStore store) throws IOException {
    if (wanted.getAndSet(false)) {
      boolean done = false;
      try {
        LOG.info("{} messages made due by SIGALRM", store.flush());
        done = true;
      } finally {
        if (!done) {
          wanted.set(true);
        }
      }
    }
  }
}
