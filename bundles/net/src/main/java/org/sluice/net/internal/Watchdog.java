package org.sluice.net.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.sluice.base.Threads;

/** One thread that looks for sessions whose client does not do in time what it has to. */
final class Watchdog implements AutoCloseable {
  /** From one look to the next, at least. */
  static final Duration PERIOD = Duration.ofMillis(200);

  private final ScheduledExecutorService timer;

  /**
   * @param look what else is to be done at each look, with the sessions that are there
   */
  Watchdog(String name, Roster sessions, Consumer<List<Session>> look) {
    timer = Executors.newSingleThreadScheduledExecutor(Threads.platform("net-watch-" + name + "-"));
    timer.scheduleWithFixedDelay(
        () -> {
          var here = sessions.snapshot();
          here.forEach(session -> session.checkTime(System.nanoTime()));
          look.accept(here);
        },
        PERIOD.toMillis(),
        PERIOD.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
