package org.sluice.base;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who is inside a service at the moment. Whoever unbinds the service drains it first, which the
 * framework waits for, so that no call meets a service that is gone.
 */
public final class Uses {
  /**
   * What a delivery gets to end when something that it goes through leaves. An interrupted one is
   * tried again, and what it has done may be done twice: a program that has run, a message whose
   * receipt a server has not confirmed yet. Meanwhile other mail waits.
   */
  public static final Duration DELIVERY = Duration.ofSeconds(100);

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Set<Stay> inside = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();
  private volatile boolean closed;

  /** One call of the calling thread; close it when the call is over. */
  public final class Stay implements AutoCloseable {
    private final Thread thread = Thread.currentThread();

    private Stay() {}

    @Override
    public void close() {
      inside.remove(this);
      if (closed) {
        lock.lock();
        try {
          left.signalAll();
        } finally {
          lock.unlock();
        }
      }
    }
  }

  /** Enters; empty if the service is leaving. */
  public Optional<Stay> enter() {
    var stay = new Stay();
    inside.add(stay);
    if (closed) {
      stay.close();
      return Optional.empty();
    }
    return Optional.of(stay);
  }

  /** Lets nobody in any more and interrupts those inside, for {@link #drain} to wait for. */
  public void interrupt() {
    closed = true;
    inside.forEach(stay -> stay.thread.interrupt());
  }

  /**
   * Lets nobody in any more, waits for those inside, and interrupts them when the time is up or the
   * caller is interrupted; false if it came to that.
   */
  public boolean drain(Duration limit) {
    closed = true;
    long nanos = limit.toNanos();
    lock.lock();
    try {
      while (!inside.isEmpty() && nanos > 0) {
        // A slice each time, so that a signal lost to a race costs little.
        long slice = Math.min(nanos, SLICE_NANOS);
        nanos -= slice - Math.max(0, left.awaitNanos(slice));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    boolean idle = inside.isEmpty();
    interrupt();
    return idle;
  }
}
