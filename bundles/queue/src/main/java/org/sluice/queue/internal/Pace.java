package org.sluice.queue.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * Mail that comes in goes before deliveries of mail that has come: as long as there is more every
 * few milliseconds, deliveries leave processors to those that take it, or a burst is slowed by what
 * could be done after it. A delivery that takes longer than such a moment waits for something else
 * than a processor, and does not count. No mail is held back for longer than {@link #LONGEST}:
 * under lasting overload both get their share.
 */
final class Pace {
  /** Mail that follows within this time keeps coming; a delivery that takes longer waits. */
  static final long MOMENT_MILLIS = 5;

  /** What is due for longer than this is begun whatever comes in. */
  static final Duration LONGEST = Duration.ofSeconds(2);

  private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(MOMENT_MILLIS);

  /** A delivery under way, at the place that it has taken, or at none. */
  record Turn(int place, long since) {}

  private final AtomicReferenceArray<Turn> turns;
  private final LongSupplier nanoTime;
  private volatile long last;
  private volatile boolean late;
  private volatile boolean wanted;

  /**
   * A pace.
   *
   * @param most deliveries begun at once while mail comes in; 0 for any number
   * @param nanoTime as of {@link System#nanoTime}
   */
  Pace(int most, LongSupplier nanoTime) {
    turns = new AtomicReferenceArray<>(most);
    this.nanoTime = nanoTime;
    last = nanoTime.getAsLong() - MOMENT;
  }

  /** Of what needs none. */
  static Pace any() {
    return new Pace(0, () -> 0);
  }

  /** Half of the processors go on delivering. */
  static Pace ofProcessors() {
    return new Pace(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), System::nanoTime);
  }

  /** Mail has come in. By any thread. */
  void mail() {
    last = nanoTime.getAsLong();
  }

  /** Notes how long the oldest mail has been due. By the dispatcher, as all that follows. */
  void oldest(Optional<Instant> due, Instant now) {
    late = due.filter(when -> when.plus(LONGEST).isBefore(now)).isPresent();
  }

  /** How many deliveries may begin. */
  int free() {
    long now = nanoTime.getAsLong();
    if (turns.length() == 0 || late || now - last >= MOMENT) {
      return Integer.MAX_VALUE;
    }
    wanted = true; // before the look, so that a turn that ends after it is told
    int free = 0;
    for (int i = 0; i < turns.length(); i++) {
      free += open(i, now) ? 1 : 0;
    }
    return free;
  }

  private boolean open(int place, long now) {
    Turn turn = turns.get(place);
    return turn == null || now - turn.since() >= MOMENT;
  }

  /** A delivery begins. */
  Turn take() {
    wanted = false;
    long now = nanoTime.getAsLong();
    for (int i = 0; i < turns.length(); i++) {
      if (open(i, now)) {
        var turn = new Turn(i, now);
        turns.set(i, turn);
        return turn;
      }
    }
    return new Turn(-1, now);
  }

  /** A delivery has ended; whether the dispatcher may wait for that. By any thread. */
  boolean give(Turn turn) {
    return turn.place() >= 0 && turns.compareAndSet(turn.place(), turn, null) && wanted;
  }
}
