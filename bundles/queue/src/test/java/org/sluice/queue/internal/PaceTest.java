package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final int BATCH = 8;
  private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(Pace.MOMENT_MILLIS);
  private static final long GATHER = TimeUnit.MILLISECONDS.toNanos(Pace.GATHER_MILLIS);
  private static final Instant DUE = Instant.ofEpochSecond(1_800_000_000);
  private long now = Long.MAX_VALUE - MOMENT; // nanoTime may be anything, and wrap around
  private final Pace pace = new Pace(BATCH, () -> now);

  private void burst() {
    pace.mail();
    pace.mail();
  }

  /** Mail keeps coming for so long. */
  private void on(long nanos) {
    for (long end = now + nanos; now != end; pace.mail()) {
      now += Math.min(MOMENT - 1, end - now);
    }
  }

  private void take(int deliveries) {
    for (int i = 0; i < deliveries; i++) {
      pace.take();
    }
  }

  private void waited(long millis) {
    pace.oldest(Optional.of(DUE), DUE.plusMillis(millis));
  }

  @Test
  void mailThatDoesNotFollowWaitsForNothing() {
    for (int i = 0; i < 3; i++) {
      assertTrue(pace.mail());
      assertEquals(Integer.MAX_VALUE, pace.free());
      pace.take();
      now += MOMENT;
    }
  }

  @Test
  void whileMailComesDeliveriesBeginInBatches() {
    burst();
    for (int i = 0; i < 3; i++) {
      assertEquals(BATCH, pace.free());
      take(BATCH - 1);
      assertEquals(1, pace.free());
      pace.take();
      assertEquals(0, pace.free());
      on(GATHER - 1);
      assertEquals(0, pace.free());
      on(1);
    }
  }

  @Test
  void whatABatchHasLeftGoesToNoOther() {
    burst();
    take(1);
    on(GATHER);
    assertEquals(BATCH, pace.free());
  }

  @Test
  void anyNumberWhenNoMoreComes() {
    burst();
    take(BATCH);
    now += MOMENT - 1;
    assertEquals(0, pace.free());
    now++;
    assertEquals(Integer.MAX_VALUE, pace.free());
  }

  @Test
  void theDispatcherIsNotWokenWhereItLooksByItself() {
    assertTrue(pace.mail());
    assertTrue(pace.mail(), "no batch has begun");
    pace.look();
    assertEquals(1_000, pace.sleep(1_000));
    pace.take();
    assertFalse(pace.mail());
    assertEquals(Pace.MOMENT_MILLIS, pace.sleep(1_000), "a batch began after the look");
    assertEquals(1, pace.sleep(1));
    now += GATHER - 1;
    pace.look();
    now++; // who came before was not told of, who comes now is
    assertEquals(Pace.MOMENT_MILLIS, pace.sleep(1_000));
    burst();
    assertTrue(pace.mail());
    pace.look();
    assertEquals(1_000, pace.sleep(1_000));
  }

  @Test
  void moreThanABatchCanBegin() {
    burst();
    take(BATCH + 3);
    assertEquals(0, pace.free());
  }

  @Test
  void theLongerMailHasWaitedTheMoreIsBegun() {
    burst();
    waited(Pace.LONGEST.toMillis() / 4);
    assertEquals(2 * BATCH, pace.free());
    take(1);
    assertEquals(2 * BATCH - 1, pace.free());
    on(GATHER);
    waited(Pace.LONGEST.toMillis());
    assertEquals(5 * BATCH, pace.free());
    waited(-1);
    assertEquals(BATCH, pace.free());
  }

  @Test
  void nothingIsHeldBackForLong() {
    burst();
    take(BATCH);
    waited(Pace.LONGEST.toMillis());
    assertEquals(0, pace.free());
    waited(Pace.LONGEST.toMillis() + 1);
    assertEquals(Integer.MAX_VALUE, pace.free());
    pace.oldest(Optional.empty(), DUE);
    assertEquals(0, pace.free());
  }

  @Test
  void noPaceHoldsNothing() {
    Pace any = Pace.any();
    for (int i = 0; i < 3; i++) {
      assertTrue(any.mail());
      any.take();
      assertEquals(Integer.MAX_VALUE, any.free());
    }
  }
}
