package org.sluice.chain.internal;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.Threads;

/**
 * The calls of one filter, each on a thread of its own, so that one that hangs can be left behind;
 * it keeps its place among those at once until it really returns.
 */
final class Calls {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  private final String name;
  private final int most;
  private final ExecutorService threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Call> running = new HashSet<>();
  private boolean gone;

  Calls(String name, int most) {
    this.name = name;
    this.most = most;
    // Platform threads, as a filter that never lets go of the processor would starve virtual ones;
    // its own, so that what a plugin leaves in thread locals goes when the plugin goes.
    this.threads = Executors.newCachedThreadPool(Threads.platform("filter-" + name + "-"));
  }

  /**
   * Makes one call.
   *
   * @param limit for waiting for a place and for the call
   * @throws TimeoutException if the time is up; the call is interrupted and left behind
   * @throws ExecutionException if it threw
   * @throws CancellationException if the filter has been removed
   * @throws InterruptedException if the caller was interrupted; the call is left behind too
   */
  Answer run(Callable<Answer> task, Duration limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + limit.toNanos();
    Call call = enter(task, end);
    try {
      threads.execute(call);
    } catch (RejectedExecutionException e) {
      leave(call);
      throw new CancellationException();
    } catch (OutOfMemoryError e) { // what the JVM says when the system gives it no thread
      leave(call);
      throw new ExecutionException(LocalTrouble.other("no thread for a call", e));
    }
    try {
      return call.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      if (call.cancel(true)) {
        throw new TimeoutException("no answer within " + limit.toMillis() + " ms");
      }
      return call.get(); // it ended just now
    } catch (InterruptedException e) {
      call.cancel(true);
      call.dispose();
      throw e;
    }
  }

  private Call enter(Callable<Answer> task, long end)
      throws InterruptedException, TimeoutException {
    lock.lockInterruptibly();
    try {
      while (!gone && running.size() >= most) {
        if (changed.awaitNanos(end - System.nanoTime()) <= 0 && running.size() >= most) {
          throw new TimeoutException(most + " calls are running and none has ended in time");
        }
      }
      if (gone) {
        throw new CancellationException();
      }
      var call = new Call(task);
      running.add(call);
      return call;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Call call) {
    lock.lock();
    try {
      running.remove(call);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Calls under way, those left behind included. */
  int running() {
    lock.lock();
    try {
      return running.size();
    } finally {
      lock.unlock();
    }
  }

  /** No further call begins; those under way are interrupted and have this long to return. */
  void end(Duration patience) {
    List<Call> late;
    lock.lock();
    try {
      gone = true;
      late = List.copyOf(running);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    late.forEach(call -> call.cancel(true));
    threads.shutdown();
    if (!late.isEmpty() && !awaitNone(patience.toNanos())) {
      LOG.warn("filter {}: {} calls ignore their interrupt and go on", name, running());
    }
  }

  private boolean awaitNone(long nanos) {
    long left = nanos;
    lock.lock();
    try {
      while (!running.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return running.isEmpty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private final class Call extends FutureTask<Answer> {
    Call(Callable<Answer> task) {
      super(task);
    }

    @Override
    public void run() {
      try {
        super.run();
      } finally {
        leave(this);
      }
    }

    @Override
    protected void set(Answer answer) {
      super.set(answer);
      if (isCancelled()) { // the caller has gone without it
        answer.close();
      }
    }

    /** Throws away an answer that came after all. */
    void dispose() throws InterruptedException {
      if (!isCancelled()) {
        try {
          get().close();
        } catch (ExecutionException e) {
          LOG.debug("filter {}: threw for a caller that was interrupted", name, e.getCause());
        }
      }
    }
  }
}
