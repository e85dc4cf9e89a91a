package org.sluice.stores.log.internal;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.Threads;

/** The thread that has maintenance done, five times a second. */
final class Rounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
  private static final long PERIOD_MILLIS = 200;

  private final Maintenance maintenance;
  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(1, Threads.platform("store-log-"));

  /** What it has last complained of. */
  private String trouble = "";

  Rounds(Maintenance maintenance) {
    this.maintenance = maintenance;
    executor.scheduleWithFixedDelay(this::round, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void round() {
    try {
      maintenance.run();
      trouble = "";
    } catch (Throwable e) { // what is thrown from here would end the rounds for good
      if (!trouble.equals(e.toString())) { // five times a second would fill a full disk
        LOG.warn("queue maintenance: {}", e.toString());
        trouble = e.toString();
      }
    }
  }

  /** Waits for the round under way. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("queue maintenance does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
