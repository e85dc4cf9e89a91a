package org.sluice.net.internal;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.sluice.base.Threads;

/** One thread that looks for sessions whose client does not do in time what it has to. */
final class Watchdog implements AutoCloseable {
  private static final long PERIOD_MILLIS = 200;

  private final ScheduledExecutorService timer;

  Watchdog(String name, Roster sessions) {
    timer = Executors.newSingleThreadScheduledExecutor(Threads.platform("net-watch-" + name + "-"));
    timer.scheduleWithFixedDelay(
        () -> sessions.snapshot().forEach(session -> session.checkTime(System.nanoTime())),
        PERIOD_MILLIS,
        PERIOD_MILLIS,
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
