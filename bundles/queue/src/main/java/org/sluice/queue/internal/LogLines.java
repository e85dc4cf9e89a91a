package org.sluice.queue.internal;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.sluice.base.Threads;

/**
 * Puts a time in front of each line, if there is a clock, and hands on whatever gathers within
 * milliseconds in one piece: a line costs no write and no switch of threads of its own when many
 * come. Lines keep their order. What is not written down fast enough is dropped, and counted,
 * rather than delay mail.
 */
final class LogLines implements Consumer<String>, AutoCloseable {
  /** Characters that may wait. */
  private static final int LIMIT = 4 << 20;

  private static final long POLL_SECONDS = 1;
  private static final long GATHER_MILLIS = 5;
  private static final long CLOSE_MILLIS = 5_000;
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.").withZone(ZoneId.systemDefault());

  private final Consumer<String> log;
  private final Optional<Clock> clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition come = lock.newCondition();
  private final Condition ended = lock.newCondition();
  private final Condition written = lock.newCondition();
  private final Thread writer;
  private StringBuilder gathered = new StringBuilder();
  private long dropped;
  private long second = Long.MIN_VALUE;
  private String stamp = "";
  private boolean idle;
  private boolean closed;

  /** Takes lines and gives them, without the last LF, to this log. */
  LogLines(Consumer<String> log, Optional<Clock> clock) {
    this.log = log;
    this.clock = clock;
    writer = Threads.platform("delivery-log-").newThread(this::write);
    writer.start();
  }

  @Override
  public void accept(String line) {
    lock.lock();
    try {
      if (gathered.length() > LIMIT) {
        dropped++;
        return;
      }
      clock.map(Clock::instant).ifPresent(this::time);
      gathered.append(line).append('\n');
      if (idle) {
        come.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void time(Instant now) {
    if (now.getEpochSecond() != second) {
      second = now.getEpochSecond();
      stamp = SECOND.format(now);
    }
    int millis = now.getNano() / 1_000_000;
    gathered.append(stamp);
    gathered.append((char) ('0' + millis / 100)).append((char) ('0' + millis / 10 % 10));
    gathered.append((char) ('0' + millis % 10)).append(' ');
  }

  private void write() {
    for (StringBuilder lines = take(); lines.length() > 0; lines = take()) {
      lines.setLength(lines.length() - 1);
      log.accept(lines.toString());
    }
  }

  /** All that has gathered; empty when closed. */
  private StringBuilder take() {
    lock.lock();
    try {
      while (gathered.isEmpty() && !closed) {
        idle = true;
        written.signalAll();
        come.await(POLL_SECONDS, TimeUnit.SECONDS);
      }
      idle = false;
      if (!closed) {
        ended.await(GATHER_MILLIS, TimeUnit.MILLISECONDS);
      }
      StringBuilder lines = gathered;
      if (dropped > 0) {
        clock.map(Clock::instant).ifPresent(this::time);
        lines.append("warning: ").append(dropped).append(" log lines dropped\n");
        dropped = 0;
      }
      gathered = new StringBuilder(Math.min(lines.length(), 65_536));
      return lines;
    } catch (InterruptedException e) {
      closed = true; // nobody but the end of the process interrupts it
      return new StringBuilder();
    } finally {
      lock.unlock();
    }
  }

  /** Waits, for a while, until what has gathered is written. */
  void flush() {
    long left = TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
    lock.lock();
    try {
      ended.signal();
      while (!(idle && gathered.isEmpty()) && writer.isAlive() && left > 0) {
        left = written.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Writes what has gathered. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      come.signal();
      ended.signal();
    } finally {
      lock.unlock();
    }
    try {
      writer.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
