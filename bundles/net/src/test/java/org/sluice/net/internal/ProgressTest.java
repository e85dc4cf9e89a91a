package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(10);

  private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5); // it overflows meanwhile
  private final Progress progress = new Progress(() -> now);

  ProgressTest() {
    progress.begin();
  }

  private void pass(long seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
  }

  private void exchange(long seconds, int octets) {
    long start = progress.waits();
    pass(seconds);
    progress.moved(start, octets);
  }

  private double rate() {
    return progress.rate(now, WINDOW);
  }

  @Test
  void isTheOctetsOfAWindow() {
    exchange(4, 300);
    assertEquals(Double.POSITIVE_INFINITY, rate());
    exchange(6, 700);
    assertEquals(100, rate());
    exchange(9, 0);
    assertEquals(100, rate());
    exchange(1, 20);
    assertEquals(2, rate());
  }

  @Test
  void countsAWaitThatIsUnderWay() {
    exchange(5, 100);
    long start = progress.waits();
    pass(5);
    assertEquals(10, rate());
    pass(10);
    assertEquals(0, rate());
    pass(1);
    progress.moved(start, 50);
    exchange(9, 100);
    assertEquals(15, rate());
  }

  @Test
  void doesNotCountTheTimeOfTheServer() {
    exchange(9, 10);
    pass(1000);
    assertEquals(Double.POSITIVE_INFINITY, rate());
    assertEquals(-1, progress.waiting(now));
    exchange(1, 10);
    assertEquals(2, rate());
  }

  @Test
  void doesNotCountWhatWasBefore() {
    var later = new Progress(() -> now);
    long start = later.waits();
    pass(60);
    assertEquals(Double.POSITIVE_INFINITY, later.rate(now, WINDOW));
    later.moved(start, 5);
    later.begin();
    assertEquals(Double.POSITIVE_INFINITY, later.rate(now, WINDOW));
    start = later.waits();
    pass(10);
    later.moved(start, 1000);
    assertEquals(100, later.rate(now, WINDOW));
  }

  @Test
  void isBetterAsSoonAsThePresentWindowMustBe() {
    exchange(10, 0);
    assertEquals(0, rate());
    exchange(1, 1000);
    assertEquals(100, rate());
    exchange(9, 0);
    assertEquals(100, rate());
    exchange(10, 0);
    assertEquals(0, rate());
  }

  @Test
  void theEndOfTheInputIsNoOctet() {
    exchange(5, 50);
    exchange(5, -1);
    assertEquals(5, rate());
  }

  @Test
  void tellsHowLongAWaitLasts() {
    assertEquals(-1, progress.waiting(now));
    long start = progress.waits();
    pass(3);
    assertEquals(TimeUnit.SECONDS.toNanos(3), progress.waiting(now));
    assertEquals(0, progress.waiting(start - 1), "the clock was read before the wait began");
    progress.moved(start, 1);
    assertEquals(-1, progress.waiting(now));
  }
}
