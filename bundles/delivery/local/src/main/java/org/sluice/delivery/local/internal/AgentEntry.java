package org.sluice.delivery.local.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.api.delivery.Delivery;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.DeliveryResult;

/** One registered agent and the threads that are inside it. */
final class AgentEntry {
  final DeliveryAgent agent;
  final int ranking;
  final long id;
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();
  private volatile boolean closed;

  AgentEntry(DeliveryAgent agent, int ranking, long id) {
    this.agent = agent;
    this.ranking = ranking;
    this.id = id;
  }

  /** Takes the agent for this thread; false if it is leaving. */
  boolean enter() {
    running.add(Thread.currentThread());
    if (closed) {
      leave();
      return false;
    }
    return true;
  }

  /** After {@link #enter()}. */
  DeliveryResult deliver(Delivery delivery) throws IOException, InterruptedException {
    try {
      return agent.deliver(delivery);
    } finally {
      leave();
    }
  }

  private void leave() {
    running.remove(Thread.currentThread());
    if (closed) {
      lock.lock();
      try {
        left.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Admits no more deliveries, waits for those under way, and interrupts what is left. */
  boolean drain(Duration limit) {
    closed = true;
    long nanos = limit.toNanos();
    lock.lock();
    try {
      while (!running.isEmpty() && nanos > 0) {
        // A slice each time, so that a signal lost to a race costs little.
        long slice = Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(100));
        nanos -= slice - Math.max(0, left.awaitNanos(slice));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    boolean idle = running.isEmpty();
    running.forEach(Thread::interrupt);
    return idle;
  }
}
