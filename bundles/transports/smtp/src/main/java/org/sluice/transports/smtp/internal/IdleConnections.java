package org.sluice.transports.smtp.internal;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Connections kept for a moment after complete success, for the next message to the same server: at
 * most {@value #MESSAGES} messages each, idle for at most about 1.5 s. Thread-safe.
 */
final class IdleConnections implements AutoCloseable {
  /** How many messages one connection carries. */
  static final int MESSAGES = 100;

  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long SWEEP_MILLIS = 500;

  /**
   * What makes connections exchangeable.
   *
   * @param server address and port
   * @param helo the name we gave
   * @param extended whether we gave it with EHLO: mail that asks for nothing is sent as qmail sends
   *     it, and other mail must know what the server can do
   * @param proven the name that the server has proven to have, for mail that demands it
   */
  record Key(InetSocketAddress server, String helo, boolean extended, Optional<String> proven) {}

  private record Idle(SmtpConnection connection, long since) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Key, Deque<Idle>> idle = new HashMap<>();
  private final LongSupplier nanoTime;
  private boolean closed;

  IdleConnections(ScheduledExecutorService timer, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    timer.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** The connection used last, which is the likeliest to live; null if there is none. */
  SmtpConnection take(Key key) {
    lock.lock();
    try {
      Deque<Idle> some = idle.get(key);
      Idle last = some == null ? null : some.pollLast();
      return last == null ? null : last.connection();
    } finally {
      lock.unlock();
    }
  }

  /** Keeps a connection, or says good-bye if it has carried enough. */
  void put(Key key, SmtpConnection connection) {
    boolean kept = connection.countMessage() < MESSAGES;
    lock.lock();
    try {
      kept &= !closed;
      if (kept) {
        idle.computeIfAbsent(key, k -> new ArrayDeque<>())
            .addLast(new Idle(connection, nanoTime.getAsLong()));
      }
    } finally {
      lock.unlock();
    }
    if (!kept) {
      connection.quit();
    }
  }

  /** Ends those that have been idle too long. */
  void sweep() {
    end(nanoTime.getAsLong() - IDLE_NANOS);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    end(nanoTime.getAsLong());
  }

  private void end(long before) {
    List<SmtpConnection> old = new ArrayList<>();
    lock.lock();
    try {
      Iterator<Deque<Idle>> all = idle.values().iterator();
      while (all.hasNext()) {
        Deque<Idle> some = all.next();
        while (!some.isEmpty() && some.peekFirst().since() - before <= 0) {
          old.add(some.pollFirst().connection());
        }
        if (some.isEmpty()) {
          all.remove();
        }
      }
    } finally {
      lock.unlock();
    }
    old.forEach(SmtpConnection::quit);
  }
}
