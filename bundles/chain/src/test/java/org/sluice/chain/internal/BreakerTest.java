package org.sluice.chain.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.chain.internal.Breaker.Limit;
import org.sluice.chain.internal.Breaker.Permit;

class BreakerTest {
  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5); // it may well overflow
  private final Breaker breaker =
      new Breaker(Optional.of(new Limit(3, Duration.ofSeconds(60))), nanoTime::get);

  private void pass(long seconds) {
    nanoTime.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private void open() {
    assertFalse(breaker.failed(Permit.NORMAL));
    assertFalse(breaker.failed(Permit.NORMAL));
    assertTrue(breaker.failed(Permit.NORMAL));
  }

  @Test
  void opensAfterSoManyFailuresInTheWindow() {
    open();
    assertEquals(Permit.REFUSED, breaker.enter());
    assertEquals(Optional.of(Duration.ofSeconds(60)), breaker.open());
  }

  @Test
  void failuresFarApartDoNotOpenIt() {
    for (int i = 0; i < 20; i++) {
      assertFalse(breaker.failed(Permit.NORMAL));
      pass(31);
    }
    assertEquals(Permit.NORMAL, breaker.enter());
    assertEquals(Optional.empty(), breaker.open());
  }

  @Test
  void triesOneCallAfterTheWindow() {
    open();
    pass(60);
    assertEquals(Permit.TRIAL, breaker.enter());
    assertEquals(Permit.REFUSED, breaker.enter(), "one at a time");
    assertEquals(Optional.of(Duration.ZERO), breaker.open());
    assertTrue(breaker.succeeded(Permit.TRIAL));
    assertEquals(Permit.NORMAL, breaker.enter());
    assertFalse(breaker.failed(Permit.NORMAL), "earlier failures are forgotten");
  }

  @Test
  void aFailedTrialOpensItForAnotherWindow() {
    open();
    pass(61);
    assertEquals(Permit.TRIAL, breaker.enter());
    assertTrue(breaker.failed(Permit.TRIAL));
    pass(59);
    assertEquals(Permit.REFUSED, breaker.enter());
    pass(1);
    assertEquals(Permit.TRIAL, breaker.enter());
  }

  @Test
  void aTrialWithoutAResultLeavesTheNextOneTry() {
    open();
    pass(60);
    breaker.left(breaker.enter());
    assertEquals(Permit.TRIAL, breaker.enter());
  }

  @Test
  void callsFromBeforeDoNotMoveIt() {
    Permit early = breaker.enter();
    open();
    assertFalse(breaker.succeeded(early));
    assertFalse(breaker.failed(early));
    breaker.left(early);
    assertEquals(Permit.REFUSED, breaker.enter());
  }

  @Test
  void oneFailureMayBeEnoughAndNoneNever() {
    assertTrue(
        new Breaker(Limit.parse("1/1s"), nanoTime::get).failed(Permit.NORMAL), "one is enough");
    var off = new Breaker(Optional.empty(), nanoTime::get);
    for (int i = 0; i < 1000; i++) {
      assertFalse(off.failed(Permit.NORMAL));
    }
    assertEquals(Permit.NORMAL, off.enter());
  }

  @Test
  void isWrittenAsItIsRead() {
    assertEquals("10/60s", Limit.DEFAULT.toString());
    assertEquals(Optional.of(Limit.DEFAULT), Limit.parse("10/60s"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "10", "10/60", "10/60m", "0/60s", "10/0s", "-1/60s", "10/60s ", "99999/1s"})
  void otherFormsAreNone(String text) {
    assertEquals(Optional.empty(), Limit.parse(text));
  }
}
