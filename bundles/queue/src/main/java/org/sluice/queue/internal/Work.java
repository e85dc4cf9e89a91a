package org.sluice.queue.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Tasks on threads of their own, counted until they have told the dispatcher of their end. */
final class Work {
  private final ExecutorService threads;
  private final AtomicInteger working = new AtomicInteger();

  Work(ExecutorService threads) {
    this.threads = threads;
  }

  int count() {
    return working.get();
  }

  /**
   * Starts a task. What it throws is logged. If no thread can be had for it, this throws, an error
   * of the JVM's as a rule, and the task is as if it had never been.
   */
  void start(Runnable task) {
    working.incrementAndGet();
    boolean handed = false;
    try {
      threads.execute(
          () -> {
            try {
              Quietly.run(task);
            } finally {
              working.decrementAndGet();
            }
          });
      handed = true;
    } finally {
      if (!handed) {
        working.decrementAndGet();
      }
    }
  }

  /** Takes no more tasks and waits for those that run, for a while. */
  void end(long millis) throws InterruptedException {
    threads.shutdown();
    threads.awaitTermination(millis, TimeUnit.MILLISECONDS);
  }
}
