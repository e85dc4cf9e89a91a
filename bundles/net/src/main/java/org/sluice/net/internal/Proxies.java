package org.sluice.net.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.api.net.ProxiedClient;
import org.sluice.api.net.ProxyProtocol;
import org.sluice.base.Uses;

/** Who reads the headers of proxies. It may be replaced while it reads some. Thread-safe. */
final class Proxies {
  /** How long a proxy has for its header. */
  static final Duration HEADER = Duration.ofSeconds(5);

  /**
   * What one that leaves has: every header that it reads is there by then, or its socket closed.
   */
  private static final Duration LEAVE = HEADER.plusSeconds(1);

  private record Reader(ProxyProtocol service, Uses uses) {}

  /** A header that is going to be read; nobody takes the service away until it is closed. */
  record Reading(ProxyProtocol service, Uses.Stay stay) implements AutoCloseable {
    /** Reads it, within {@link #HEADER}. */
    Optional<ProxiedClient> read(Session session) throws IOException {
      return session.within(HEADER, () -> service.read(session.in()));
    }

    @Override
    public void close() {
      stay.close();
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Also those that are leaving. */
  private final List<Reader> readers = new CopyOnWriteArrayList<>();

  private volatile Optional<Reader> now = Optional.empty();
  private boolean closed;

  /** It has come, and takes the place of one before. */
  void bind(ProxyProtocol service) {
    lock.lock();
    try {
      var reader = new Reader(service, new Uses());
      readers.add(reader);
      now = Optional.of(reader);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** It leaves: no other header is read by it; returns when it reads none. */
  void unbind(ProxyProtocol service) {
    for (Reader reader : readers) {
      if (reader.service == service) {
        lock.lock();
        try {
          now = now.filter(other -> other != reader);
        } finally {
          lock.unlock();
        }
        reader.uses.drain(LEAVE);
        readers.remove(reader);
      }
    }
  }

  /** Whether somebody is there, or comes within the time. */
  boolean await(Duration limit) throws InterruptedException {
    if (now.isPresent()) {
      return true;
    }
    lock.lockInterruptibly();
    try {
      return awaited(limit).isPresent();
    } finally {
      lock.unlock();
    }
  }

  /** Begins with a header; empty if nobody who reads it came in time. */
  Optional<Reading> enter(Duration limit) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      // Under the lock: unbind() must see either this stay or no use of the service.
      return awaited(limit)
          .flatMap(reader -> reader.uses.enter().map(stay -> new Reading(reader.service, stay)));
    } finally {
      lock.unlock();
    }
  }

  private Optional<Reader> awaited(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    while (now.isEmpty() && !closed && left > 0) {
      left = changed.awaitNanos(left);
    }
    return now;
  }

  /** Ends all waiting. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
