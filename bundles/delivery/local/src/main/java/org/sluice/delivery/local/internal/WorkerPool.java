package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.sluice.base.Threads;

/** The workers that there are: so many at most in all and for each user, idle ones for a while. */
final class WorkerPool implements AutoCloseable {
  /**
   * Limits.
   *
   * @param all processes
   * @param each processes with the same rights
   * @param idle how long one without work is kept
   * @param patience how long to wait for one
   */
  record Limits(int all, int each, Duration idle, Duration patience) {}

  /** Starts a worker. */
  @FunctionalInterface
  interface Starter {
    Worker start() throws IOException;
  }

  private record Idle(Worker worker, long since) {}

  private final Limits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Oldest first. */
  private final List<Idle> idle = new ArrayList<>();

  /** Those at work or being started. */
  private final List<WorkerUser> busy = new ArrayList<>();

  private final ScheduledExecutorService reaper =
      Executors.newSingleThreadScheduledExecutor(Threads.platform("sluice-worker-reaper-"));
  private boolean closed;

  WorkerPool(Limits limits) {
    this.limits = limits;
    long period = Math.max(1, limits.idle().toMillis() / 4);
    reaper.scheduleWithFixedDelay(this::reap, period, period, TimeUnit.MILLISECONDS);
  }

  /**
   * A worker for this user, until it is given back.
   *
   * @return empty if there is none to be had in time
   */
  Optional<Worker> take(WorkerUser user, Starter starter) throws IOException, InterruptedException {
    long end = System.nanoTime() + limits.patience().toNanos();
    while (true) {
      Optional<Worker> surplus;
      lock.lock();
      try {
        if (closed) {
          return Optional.empty();
        }
        Optional<Worker> free = remove(worker -> worker.user().equals(user));
        if (free.isPresent() && free.get().alive()) {
          busy.add(user);
          return free;
        }
        surplus = free.isPresent() ? free : makeRoom(user);
        if (surplus.isEmpty()) {
          if (room(user)) {
            busy.add(user);
            break;
          }
          if (changed.awaitNanos(end - System.nanoTime()) <= 0) {
            return Optional.empty();
          }
        }
      } finally {
        lock.unlock();
      }
      surplus.ifPresent(Worker::close);
    }
    return Optional.of(start(user, starter));
  }

  private Worker start(WorkerUser user, Starter starter) throws IOException {
    boolean done = false;
    try {
      Worker worker = starter.start();
      done = true;
      return worker;
    } finally {
      if (!done) {
        free(user);
      }
    }
  }

  /** After {@link #take}; one that is no good any more has been killed. */
  void giveBack(Worker worker) {
    boolean keep;
    lock.lock();
    try {
      keep = !closed && worker.alive();
      if (keep) {
        idle.add(new Idle(worker, System.nanoTime()));
      }
    } finally {
      lock.unlock();
    }
    free(worker.user());
    if (!keep) {
      worker.close();
    }
  }

  private void free(WorkerUser user) {
    lock.lock();
    try {
      busy.remove(user);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean room(WorkerUser user) {
    return busy.size() + idle.size() < limits.all() && same(user) < limits.each();
  }

  private long same(WorkerUser user) {
    return busy.stream().filter(user::sameRights).count()
        + idle.stream().filter(i -> user.sameRights(i.worker().user())).count();
  }

  /** An idle worker to be ended for another: one of the user's own, or the oldest. */
  private Optional<Worker> makeRoom(WorkerUser user) {
    if (same(user) >= limits.each()) {
      return remove(worker -> user.sameRights(worker.user()));
    }
    return busy.size() + idle.size() >= limits.all() ? remove(worker -> true) : Optional.empty();
  }

  private Optional<Worker> remove(Predicate<Worker> wanted) {
    Optional<Idle> found = idle.stream().filter(i -> wanted.test(i.worker())).findFirst();
    found.ifPresent(idle::remove);
    return found.map(Idle::worker);
  }

  private void reap() {
    long oldest = System.nanoTime() - limits.idle().toNanos();
    List<Idle> ended = new ArrayList<>();
    lock.lock();
    try {
      idle.stream().filter(i -> closed || i.since() - oldest < 0).forEach(ended::add);
      idle.removeAll(ended);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    ended.forEach(i -> i.worker().close());
  }

  /** No more workers; those at work end when they are given back. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    reap();
    reaper.shutdown();
  }
}
