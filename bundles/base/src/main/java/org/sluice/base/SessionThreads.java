package org.sluice.base;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/**
 * A thread for each session. A read that waits costs a platform thread one system call, and a
 * virtual one a round through the JVM's poller; but thousands of idle platform threads cost their
 * stacks. So the first sessions at a time get pooled platform threads and the others virtual ones,
 * where the JVM has them. Thread-safe.
 */
public final class SessionThreads implements Executor {
  private final ExecutorService few;
  private final ExecutorService many;
  private final Semaphore free;

  /**
   * @param prefix begins the names of the threads
   * @param platform so many sessions at a time have platform threads
   */
  public SessionThreads(String prefix, int platform) {
    few = Threads.pooled(prefix);
    many = Threads.perTask(prefix + "v");
    free = new Semaphore(platform);
  }

  /**
   * Starts a session.
   *
   * @throws java.util.concurrent.RejectedExecutionException after {@link #shutdown}
   */
  @Override
  public void execute(Runnable session) {
    if (!free.tryAcquire()) {
      many.execute(session);
      return;
    }
    boolean started = false;
    try {
      few.execute(
          () -> {
            try {
              session.run();
            } finally {
              free.release();
            }
          });
      started = true;
    } finally {
      if (!started) {
        free.release();
      }
    }
  }

  /** No session begins any more; those under way end by themselves. */
  public void shutdown() {
    few.shutdown();
    many.shutdown();
  }
}
