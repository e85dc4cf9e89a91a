package org.sluice.base;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;

/**
 * A thread for each session, in turns: the thread that has accepted a connection serves it, after
 * another has been sent to accept the next. So no client waits until a thread has woken another. A
 * read that waits costs a platform thread one system call, and a virtual one a round through the
 * JVM's poller; but thousands of idle platform threads cost their stacks. So the first sessions at
 * a time get pooled platform threads and the others virtual ones, where the JVM has them.
 * Thread-safe.
 */
public final class SessionThreads {
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
   * Starts what accepts, on a platform thread.
   *
   * @throws java.util.concurrent.RejectedExecutionException after {@link #shutdown}
   */
  public void start(Runnable accepts) {
    few.execute(accepts);
  }

  /**
   * Finds a thread for a session. If this throws, also an OutOfMemoryError for want of a thread,
   * nothing has been started.
   *
   * @param session called once; what it throws ends its thread
   * @param accepts has been started on another thread if something is returned
   * @return what the caller, a thread of these, has to run at once and as its last; empty if the
   *     session is under way on a thread of its own and the caller goes on accepting
   * @throws java.util.concurrent.RejectedExecutionException after {@link #shutdown}
   */
  public Optional<Runnable> place(Runnable session, Runnable accepts) {
    if (!free.tryAcquire()) {
      many.execute(session);
      return Optional.empty();
    }
    boolean placed = false;
    try {
      few.execute(accepts);
      placed = true;
    } finally {
      if (!placed) {
        free.release();
      }
    }
    return Optional.of(
        () -> {
          try {
            session.run();
          } finally {
            free.release();
          }
        });
  }

  /** No session begins any more; those under way end by themselves. */
  public void shutdown() {
    few.shutdown();
    many.shutdown();
  }
}
