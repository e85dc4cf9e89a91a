package org.sluice.net.internal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.api.net.TlsServer;

/** The TLS service of the moment, which may be replaced while connections come in. */
final class TlsKeys {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Optional<TlsServer> present = Optional.empty();

  void set(TlsServer service) {
    lock.lock();
    try {
      present = Optional.of(service);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void unset(TlsServer service) {
    lock.lock();
    try {
      present = present.filter(p -> p != service);
    } finally {
      lock.unlock();
    }
  }

  /** The service; empty if none came in time. */
  Optional<TlsServer> await(Duration limit) throws InterruptedException {
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
}
