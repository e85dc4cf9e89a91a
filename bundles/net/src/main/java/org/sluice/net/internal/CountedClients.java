package org.sluice.net.internal;

import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.net.ClientCounter;
import org.sluice.api.net.ClientLimits;

/**
 * The clients of a listener, and the service that counts them if there are limits. It may be
 * replaced: the next one is told of the connections that are there. Thread-safe.
 */
final class CountedClients {
  private static final Logger LOG = LoggerFactory.getLogger(CountedClients.class);

  /** One connection; whom it counts for is known when it is among those counted. */
  static final class Place {
    private InetAddress client;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Place> counted = new HashSet<>();
  private final Repeated failing = new Repeated();
  private ClientLimits limits = new ClientLimits(0, 0, 0, 0, 32, 64);
  private Optional<ClientCounter> service = Optional.empty();

  /** Empty without limits, and while nobody counts. */
  private Optional<ClientCounter.Counts> counts = Optional.empty();

  private volatile boolean ready = true;
  private boolean closed;

  /** It has come, and takes the place of one before. */
  void bind(ClientCounter next) {
    lock.lock();
    try {
      service = Optional.of(next);
      open();
    } finally {
      lock.unlock();
    }
  }

  /** It leaves. When this returns no call is inside it, and none will be. */
  void unbind(ClientCounter gone) {
    lock.lock();
    try {
      if (service.filter(s -> s == gone).isPresent()) {
        service = Optional.empty();
        open();
      }
    } finally {
      lock.unlock();
    }
  }

  /** From now on these are the limits, also of connections that are there. */
  void limits(ClientLimits next) {
    lock.lock();
    try {
      limits = next;
      if (counts.isEmpty() || !next.any() || !changed(counts.get())) {
        open();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean changed(ClientCounter.Counts now) {
    try {
      now.change(limits);
      return true;
    } catch (Throwable e) { // also a class of the plugin that is gone
      LOG.error("limits cannot be changed, counting anew", e);
      return false;
    }
  }

  private void open() {
    counts = Optional.empty();
    if (limits.any() && service.isPresent()) {
      try {
        counts = Optional.of(Objects.requireNonNull(service.get().open(limits), "counts"));
      } catch (Throwable e) {
        LOG.error("nobody counts clients", e);
      }
    }
    for (Place place : counted) {
      tell(now -> now.add(place.client));
    }
    ready = counts.isPresent() || !limits.any();
    changed.signalAll();
  }

  /** Whether clients can be admitted, or can within the time. */
  boolean await(Duration limit) throws InterruptedException {
    if (ready) {
      return true; // without a lock: that is how it is for every client but a few
    }
    lock.lockInterruptibly();
    try {
      return awaitReady(limit);
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitReady(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    while (!ready && !closed && left > 0) {
      left = changed.awaitNanos(left);
    }
    return ready;
  }

  /**
   * Counts a connection for a client, and no more for the one it has counted for.
   *
   * @param wait so long for somebody who counts, if there are limits
   * @return empty; or it counts for nobody now, and this is why, the address to follow
   * @throws InterruptedIOException if the thread is interrupted meanwhile, which it stays
   */
  Optional<String> admit(Place place, InetAddress client, Duration wait)
      throws InterruptedIOException {
    lock.lock();
    try {
      boolean can = awaitReady(wait);
      drop(place); // first: both may be of one network
      var refusal = can ? ask(client) : Optional.of("nobody counts those from");
      if (refusal.isEmpty()) {
        place.client = client;
        counted.add(place);
      }
      return refusal;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("while nobody counts clients");
    } finally {
      lock.unlock();
    }
  }

  private Optional<String> ask(InetAddress client) {
    if (counts.isEmpty()) {
      return Optional.empty();
    }
    try {
      var refusal = Objects.requireNonNull(counts.get().admit(client), "refusal");
      failing.over();
      return refusal;
    } catch (Throwable e) {
      told(e);
      return Optional.of("unable to count those from");
    }
  }

  /** The connection counts for nobody any more. */
  void leave(Place place) {
    lock.lock();
    try {
      drop(place);
    } finally {
      lock.unlock();
    }
  }

  private void drop(Place place) {
    if (counted.remove(place)) {
      tell(now -> now.remove(place.client));
    }
  }

  /** Something to be noted by who counts. */
  @FunctionalInterface
  private interface Note {
    void to(ClientCounter.Counts now);
  }

  private void tell(Note note) {
    if (counts.isPresent()) {
      try {
        note.to(counts.get());
      } catch (Throwable e) {
        told(e);
      }
    }
  }

  private void told(Throwable failure) {
    if (failing.isNew(failure)) {
      LOG.warn("unable to count clients", failure);
    }
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
