package org.sluice.base;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.api.net.TlsServer;

/** The TLS service of the moment, which may be replaced while clients come in. Thread-safe. */
public final class TlsKeys {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Duration grace;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Optional<TlsServer> present = Optional.empty();
  private volatile long absentSince = System.nanoTime();

  /** With a few seconds in which one that is replaced comes back. */
  public TlsKeys() {
    this(GRACE);
  }

  /**
   * @param grace how long after one has left the next is still waited for by {@link #soon}
   */
  public TlsKeys(Duration grace) {
    this.grace = grace;
  }

  /** It has come. */
  public void set(TlsServer service) {
    lock.lock();
    try {
      present = Optional.of(service);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** It leaves, if it is still the one. */
  public void unset(TlsServer service) {
    lock.lock();
    try {
      if (present.filter(p -> p == service).isPresent()) {
        present = Optional.empty();
        absentSince = System.nanoTime();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The service; empty if none came in time. */
  public Optional<TlsServer> await(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lockInterruptibly();
    try {
      while (present.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
      return present;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The service; empty if the last one has left for good, which is known after the grace. So nobody
   * is told that there is no TLS just because it is being replaced. An interrupt is kept.
   */
  public Optional<TlsServer> soon() {
    Optional<TlsServer> now = present;
    try {
      return now.isPresent() ? now : await(grace.minusNanos(System.nanoTime() - absentSince));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the session ends when it next waits
      return Optional.empty();
    }
  }
}
