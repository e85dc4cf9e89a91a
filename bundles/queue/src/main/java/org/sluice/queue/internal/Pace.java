package org.sluice.queue.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Mail that comes in goes before deliveries of mail that has come. As long as one message follows
 * the other within milliseconds, deliveries begin in batches: those of a batch share forced writes,
 * and between batches disks and processors are left to those that take mail in, or a burst is
 * slowed by what could be done after it. The longer mail has waited the larger the batches are, and
 * nothing is held back for longer than {@link #LONGEST}.
 */
final class Pace {
  /** Mail that follows within this time keeps coming. */
  static final long MOMENT_MILLIS = 5;

  /** From one batch to the next. */
  static final long GATHER_MILLIS = 20;

  /** What is due for longer than this is begun whatever comes in. */
  static final Duration LONGEST = Duration.ofSeconds(2);

  private static final int EACH_PROCESSOR = 5;
  private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(MOMENT_MILLIS);
  private static final long GATHER = TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS);

  /** By when the wait is {@link #LONGEST}, batches are larger by this factor. */
  private static final int GROWTH = 4;

  private final int batch;
  private final LongSupplier nanoTime;
  private volatile long last;
  private volatile boolean follows;
  private volatile long begun;
  private Duration waited = Duration.ZERO;
  private int left;
  private boolean gathered;

  /**
   * A pace.
   *
   * @param batch deliveries begun at once while mail comes in that has not waited; 0 for any number
   * @param nanoTime as of {@link System#nanoTime}
   */
  Pace(int batch, LongSupplier nanoTime) {
    this.batch = batch;
    this.nanoTime = nanoTime;
    long now = nanoTime.getAsLong();
    last = now - MOMENT;
    begun = now - GATHER;
  }

  /** Of what needs none. */
  static Pace any() {
    return new Pace(0, () -> 0);
  }

  /** The more processors there are, the more can be done beside the mail that comes. */
  static Pace ofProcessors() {
    return new Pace(EACH_PROCESSOR * Runtime.getRuntime().availableProcessors(), System::nanoTime);
  }

  /**
   * Mail has come in; whether the dispatcher is to be woken for it. Otherwise it looks by itself
   * within {@link #MOMENT_MILLIS}, see {@link #sleep}. By any thread.
   */
  boolean mail() {
    long now = nanoTime.getAsLong();
    follows = now - last < MOMENT;
    last = now;
    return !comes(now) || !gathers(now);
  }

  private boolean comes(long now) {
    return batch > 0 && follows && now - last < MOMENT;
  }

  private boolean gathers(long now) {
    return now - begun < GATHER;
  }

  /** The dispatcher begins to look what there is to do. By the dispatcher, as all that follows. */
  void look() {
    gathered = gathers(nanoTime.getAsLong());
  }

  /** Notes how long the oldest mail has been due. */
  void oldest(Optional<Instant> due, Instant now) {
    waited = due.map(when -> Duration.between(when, now)).orElse(Duration.ZERO);
  }

  /** How many deliveries may begin. */
  int free() {
    long now = nanoTime.getAsLong();
    if (!comes(now) || waited.compareTo(LONGEST) > 0) {
      return Integer.MAX_VALUE;
    }
    return gathers(now) ? left : size();
  }

  private int size() {
    long millis = Math.max(0, waited.toMillis());
    return (int) (batch + batch * millis * GROWTH / LONGEST.toMillis());
  }

  /** A delivery begins. */
  void take() {
    long now = nanoTime.getAsLong();
    if (!comes(now)) {
      return;
    }
    if (!gathers(now)) {
      begun = now;
      left = size();
      gathered = true;
    }
    left = Math.max(0, left - 1);
  }

  /**
   * For how many of these milliseconds the dispatcher may sleep. Whoever came since its {@link
   * #look}, and did not wake it because a batch had begun, is seen in time.
   */
  long sleep(long millis) {
    return gathered ? Math.min(millis, MOMENT_MILLIS) : millis;
  }
}
