package org.sluice.chain.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.filter.MailObserver;
import org.sluice.base.Period;
import org.sluice.base.Threads;

/** One observer, its events that wait and its thread: it delays neither mail nor the others. */
final class ObserverQueue {
  static final int CAPACITY = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(ObserverQueue.class);
  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final long PATIENCE_MILLIS = 5_000;
  private static final MailEvent END =
      new MailEvent(MailEvent.Type.ACCEPTED, Instant.EPOCH, Optional.empty(), "");

  private final MailObserver observer;
  private final String name;
  private final BlockingQueue<MailEvent> events = new ArrayBlockingQueue<>(CAPACITY);
  private final Thread thread;
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final Period dropping;
  private final Period failing;
  private volatile boolean ended;

  ObserverQueue(MailObserver observer, String name, LongSupplier nanoTime) {
    this.observer = observer;
    this.name = name;
    this.dropping = new Period(PERIOD, nanoTime);
    this.failing = new Period(PERIOD, nanoTime);
    this.thread = Threads.platform("observer-" + name + "-").newThread(this::run);
    thread.start();
  }

  MailObserver observer() {
    return observer;
  }

  /** Never blocks; what finds no place is dropped. */
  void offer(MailEvent event) {
    if (!ended && !events.offer(event)) {
      long count = dropped.incrementAndGet();
      if (dropping.begins()) {
        LOG.warn("observer {} is too slow: {} events dropped so far", name, count);
      }
    }
  }

  private void run() {
    try {
      for (MailEvent event = events.take(); event != END && !ended; event = events.take()) {
        tell(event);
      }
    } catch (InterruptedException e) {
      LOG.debug("observer {}: interrupted while it had nothing to do", name);
    }
  }

  private void tell(MailEvent event) {
    try {
      observer.observed(event);
    } catch (Throwable e) { // whatever it is, it is no reason to miss the next event
      long count = failed.incrementAndGet();
      if (failing.begins()) {
        LOG.warn("observer {} threw, {} times so far", name, count, e);
      }
    }
  }

  /** No further event is told; one that is being told may end, then is interrupted. */
  void end() {
    ended = true;
    events.clear();
    events.offer(END);
    try {
      thread.join(PATIENCE_MILLIS);
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(PATIENCE_MILLIS);
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.warn("observer {} ignores its interrupt and goes on", name);
    }
  }

  /** As an operator reads it. */
  @Override
  public String toString() {
    return name + ": " + events.size() + " waiting, " + dropped + " dropped, " + failed + " failed";
  }
}
