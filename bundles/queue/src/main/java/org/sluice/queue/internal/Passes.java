package org.sluice.queue.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.store.QueueStore;

/**
 * The passes that are not over: prolongs their leases, and insists that what has become of them is
 * written down. A pass is here from its lease to the moment at which nothing more will be written
 * of it; whatever is thrown meanwhile, it goes, or its lease would be prolonged for ever.
 */
final class Passes {
  private static final Logger LOG = LoggerFactory.getLogger(Passes.class);
  private static final long TROUBLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How often something is tried that fails for another reason than the disk. */
  private static final int MOST_CRASHES = 10;

  /** Something to be written. */
  interface Step {
    /**
     * Writes it.
     *
     * @return whether the pass is over with it
     * @throws IOException if it was not written; to be called again
     */
    boolean write() throws IOException;
  }

  private final Set<Pass> active = ConcurrentHashMap.newKeySet();
  private final AtomicInteger unwritten = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private QueueStore inUse;

  void begin(Pass pass) {
    active.add(pass);
  }

  /** Nothing more becomes of a pass. By any thread, any number of times. */
  void end(Pass pass) {
    active.remove(pass);
    if (waiting.get() > 0) { // else whoever begins to wait sees that it is gone
      signal();
    }
  }

  boolean isEmpty() {
    return active.isEmpty();
  }

  /** The store that the dispatcher uses until it calls {@link #leave}; null if there is none. */
  QueueStore enter(Supplier<QueueStore> current) {
    lock.lock();
    try {
      inUse = current.get();
      return inUse;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      inUse = null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until neither the dispatcher nor a pass uses a store that {@link #enter} does not give
   * any more; false if the time is up or the calling thread is interrupted, which it stays.
   */
  boolean awaitNone(QueueStore store, Duration limit) {
    long left = limit.toNanos();
    waiting.incrementAndGet();
    lock.lock();
    try {
      while (inUse == store || active.stream().anyMatch(pass -> pass.store() == store)) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
      waiting.decrementAndGet();
    }
  }

  /** Gives up what has not been written to these stores: who insists on it stops that. */
  void forget(Predicate<QueueStore> stores) {
    active.removeIf(pass -> stores.test(pass.store()));
    signal();
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many cannot be written down at the moment. */
  int unwritten() {
    return unwritten.get();
  }

  void extend(Duration by) {
    active.removeIf(pass -> !pass.extend(by));
  }

  /**
   * What has been done must be written down, or it is done twice: tries until it is, blocking the
   * calling thread, as long as the pass is here and has its lease. What fails for another reason
   * than the disk is a fault that lasts, so that is tried some times only.
   */
  boolean insist(Pass pass, Step step) throws IOException {
    boolean told = false;
    try {
      for (int crashes = 0; ; ) {
        try {
          return step.write();
        } catch (IOException | RuntimeException | Error e) {
          crashes += e instanceof IOException ? 0 : 1;
          if (crashes == MOST_CRASHES || !active.contains(pass) || !pass.extend(Duration.ZERO)) {
            throw e;
          }
          if (!told) {
            unwritten.incrementAndGet();
            told = true;
            Quietly.run(() -> LOG.warn("msg {}: not written yet: {}", pass.lease().id(), why(e)));
          }
          pause();
        }
      }
    } finally {
      if (told) {
        unwritten.decrementAndGet();
      }
    }
  }

  private static String why(Throwable e) {
    return e instanceof IOException ? e.getMessage() : e.toString();
  }

  private void pause() {
    lock.lock();
    try {
      changed.awaitNanos(TROUBLE_NANOS);
    } catch (InterruptedException e) {
      // It was meant for the delivery, which is over; who wants this to end takes the pass out.
    } finally {
      lock.unlock();
    }
  }
}
