package org.sluice.filters.greylist.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.Threads;

/**
 * Brings what has changed to the disk, every two seconds and at the end. Trouble with the file is
 * nobody's but the operator's, who is told once: mail goes on with what is in memory, and the whole
 * of it is written when that can be done again.
 */
final class Keeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final long SECONDS = 2;
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Lines that the file may have beyond twice the entries before it is written again. */
  private static final long SLACK = 10_000;

  private final State state;
  private final Journal journal;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(Threads.platform("sluice-greylist-"));
  private boolean whole;
  private boolean told;
  private long again;

  /** Reads the file; nothing is written until {@link #start} or {@link #write}. */
  Keeper(State state, Journal journal, LongSupplier nanoTime) {
    this.state = state;
    this.journal = journal;
    this.nanoTime = nanoTime;
    this.again = nanoTime.getAsLong();
    write();
  }

  void start() {
    thread.scheduleWithFixedDelay(this::write, SECONDS, SECONDS, TimeUnit.SECONDS);
  }

  /** Writes what has changed, unless the file is another's, or the disk has a pause. */
  void write() {
    lock.lock();
    try {
      if (nanoTime.getAsLong() - again >= 0) {
        tried();
      }
    } finally {
      lock.unlock();
    }
  }

  private void tried() {
    try {
      if (journal.owned() || begun()) {
        changed();
        if (told) {
          told = false;
          LOG.info("greylisting: the file can be written again");
        }
      }
    } catch (IOException | RuntimeException e) {
      whole = true;
      again = nanoTime.getAsLong() + PAUSE.toNanos();
      if (!told) {
        told = true;
        LOG.error(
            "greylisting: the file cannot be read or written; it is tried again each minute, and"
                + " meanwhile what is new is in memory only",
            e);
      }
    }
  }

  /** Takes the file over and reads it, when nobody else has it. */
  private boolean begun() throws IOException {
    if (!journal.own()) {
      return false;
    }
    long wrong;
    try {
      wrong = journal.read(state::restore);
    } catch (IOException e) {
      journal.close(); // so that it is read when that can be done
      throw e;
    }
    if (wrong > 0) {
      LOG.warn("greylisting: {} lines of the file could not be used, the others are", wrong);
      whole = true;
    }
    return true;
  }

  private void changed() throws IOException {
    State.Changes changes = state.changes();
    whole |= changes.lost();
    if (whole || journal.lines() > 2L * state.size() + SLACK) {
      journal.rewrite(state.snapshot());
      whole = false;
    } else if (!changes.lines().isEmpty()) {
      journal.append(changes.lines());
    }
  }

  /** Writes what is left and gives the file up. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!lock.tryLock(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("greylisting: the disk does not answer, the last is not written");
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      again = nanoTime.getAsLong();
      tried();
      journal.force();
      journal.close();
    } catch (IOException e) {
      LOG.warn("greylisting: the file is not closed properly", e);
    } finally {
      lock.unlock();
    }
  }
}
