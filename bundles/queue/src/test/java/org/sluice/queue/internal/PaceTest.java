package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(Pace.MOMENT_MILLIS);
  private long now = Long.MAX_VALUE - MOMENT; // nanoTime may be anything, and wrap around
  private final Pace pace = new Pace(2, () -> now);

  @Test
  void whileMailComesOnlySomeAreBegun() {
    assertEquals(Integer.MAX_VALUE, pace.free());
    pace.mail();
    assertEquals(2, pace.free());
    Pace.Turn first = pace.take();
    pace.take();
    assertEquals(0, pace.free());
    assertTrue(pace.give(first));
    assertEquals(1, pace.free());
  }

  @Test
  void anyNumberWhenNoMoreComes() {
    pace.mail();
    pace.take();
    pace.take();
    now += MOMENT - 1;
    assertEquals(0, pace.free());
    now++;
    assertEquals(Integer.MAX_VALUE, pace.free());
  }

  @Test
  void whatWaitsForSomethingElseIsNotCounted() {
    pace.mail();
    Pace.Turn slow = pace.take();
    pace.take();
    now += MOMENT;
    pace.mail();
    assertEquals(2, pace.free());
    Pace.Turn second = pace.take();
    pace.take();
    assertEquals(0, pace.free());
    assertFalse(pace.give(slow), "another has its place");
    assertEquals(0, pace.free());
    assertTrue(pace.give(second));
    assertEquals(1, pace.free());
  }

  @Test
  void theDispatcherIsToldOnlyIfItWaits() {
    pace.mail();
    pace.free();
    Pace.Turn turn = pace.take();
    assertFalse(pace.give(turn));
    Pace.Turn last = pace.take();
    pace.take();
    pace.free();
    assertTrue(pace.give(last));
  }

  @Test
  void nothingIsHeldBackForLong() {
    Instant due = Instant.ofEpochSecond(1_800_000_000);
    pace.mail();
    pace.take();
    pace.take();
    pace.oldest(Optional.of(due), due.plus(Pace.LONGEST));
    assertEquals(0, pace.free());
    pace.oldest(Optional.of(due), due.plus(Pace.LONGEST).plusMillis(1));
    assertEquals(Integer.MAX_VALUE, pace.free());
    pace.oldest(Optional.empty(), due.plus(Pace.LONGEST).plusMillis(1));
    assertEquals(0, pace.free());
  }

  @Test
  void moreThanThereAreTurnsCanRun() {
    Pace.Turn[] all = new Pace.Turn[5];
    for (int i = 0; i < all.length; i++) {
      all[i] = pace.take();
    }
    pace.mail();
    assertEquals(0, pace.free());
    assertFalse(pace.give(all[4]));
    assertEquals(0, pace.free());
    pace.give(all[0]);
    assertEquals(1, pace.free());
  }

  @Test
  void noPaceHoldsNothing() {
    Pace any = Pace.any();
    any.mail();
    any.give(any.take());
    assertEquals(Integer.MAX_VALUE, any.free());
  }
}
