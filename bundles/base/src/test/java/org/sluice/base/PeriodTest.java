package org.sluice.base;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PeriodTest {
  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);

  @Test
  void somethingIsSaidOnceAPeriod() {
    var period = new Period(Duration.ofMinutes(1), nanoTime::get);
    assertTrue(period.begins());
    nanoTime.addAndGet(Duration.ofSeconds(59).toNanos());
    assertTrue(!period.begins() && !period.begins());
    nanoTime.addAndGet(Duration.ofSeconds(1).toNanos());
    assertTrue(period.begins());
    assertTrue(!period.begins());
  }
}
