package org.sluice.queue.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.sluice.api.delivery.Transport;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueStore;
import org.sluice.base.Uses;

/** The transports of both channels and the threads that are inside each. */
final class Transports {
  private static final long INTERRUPTED_MILLIS = 5_000;

  /** One registered transport. */
  static final class Entry {
    private final Channel channel;
    private final Transport transport;
    private final int ranking;

    /** Who is inside, and what store its mail is of. */
    private final Map<Thread, QueueStore> inside = new HashMap<>();

    private Entry(Channel channel, Transport transport, int ranking) {
      this.channel = channel;
      this.transport = transport;
      this.ranking = ranking;
    }

    Transport transport() {
      return transport;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Entry> entries = new ArrayList<>();
  private boolean hurried;

  void add(Channel channel, Transport transport, int ranking) {
    lock.lock();
    try {
      entries.add(new Entry(channel, transport, ranking));
      entries.sort(Comparator.comparingInt((Entry e) -> e.ranking).reversed());
    } finally {
      lock.unlock();
    }
  }

  boolean has(Channel channel) {
    lock.lock();
    try {
      return first(channel).isPresent();
    } finally {
      lock.unlock();
    }
  }

  /** The transport to use now; the calling thread counts as inside it until {@link #leave}. */
  Optional<Entry> enter(Channel channel, QueueStore store) {
    lock.lock();
    try {
      Optional<Entry> entry = first(channel);
      entry.ifPresent(e -> e.inside.put(Thread.currentThread(), store));
      return entry;
    } finally {
      lock.unlock();
    }
  }

  void leave(Entry entry) {
    lock.lock();
    try {
      entry.inside.remove(Thread.currentThread());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Optional<Entry> first(Channel channel) {
    return entries.stream().filter(e -> e.channel == channel).findFirst();
  }

  /** Takes a transport out; returns when nothing runs inside it, or the time is up. */
  void remove(Transport transport) {
    lock.lock();
    try {
      Optional<Entry> found = entries.stream().filter(e -> e.transport == transport).findFirst();
      if (found.isPresent()) {
        entries.remove(found.get());
        drain(found.get(), hurried ? 0 : Uses.DELIVERY.toMillis());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts all deliveries; from now on they get no time to end by themselves. */
  void hurry() {
    lock.lock();
    try {
      hurried = true;
    } finally {
      lock.unlock();
    }
    interrupt(store -> true);
  }

  /** Interrupts deliveries of mail of these stores, which are then to be tried again. */
  void interrupt(Predicate<QueueStore> stores) {
    lock.lock();
    try {
      for (Entry entry : entries) {
        entry.inside.forEach(
            (thread, store) -> {
              if (stores.test(store)) {
                thread.interrupt();
              }
            });
      }
    } finally {
      lock.unlock();
    }
  }

  private void drain(Entry entry, long millis) {
    if (!await(entry, millis)) {
      entry.inside.keySet().forEach(Thread::interrupt);
      await(entry, INTERRUPTED_MILLIS);
    }
  }

  private boolean await(Entry entry, long millis) {
    long left = TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      while (!entry.inside.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return entry.inside.isEmpty();
  }
}
