package org.sluice.admin.splogger.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PendingTest {
  private static final byte[] LINE = "0123456789abcde\n".getBytes(StandardCharsets.US_ASCII);
  private static final Duration LONG = Duration.ofMinutes(5);

  private static void fill(Pending pending, int octets) throws InterruptedException {
    for (int i = 0; i < octets; i += LINE.length) {
      assertTrue(pending.put(LINE));
    }
  }

  @Test
  void aLoggerThatRunsIsWaitedFor() throws Exception {
    var pending = new Pending(LONG);
    pending.open().close();
    try (var feed = pending.open()) { // that of before is gone, this one is there
      fill(pending, Pending.LIMIT);
      var put = new FutureTask<>(() -> pending.put(LINE));
      var thread = new Thread(put);
      thread.start();
      while (thread.getState() != Thread.State.TIMED_WAITING && !put.isDone()) {
        Thread.onSpinWait();
      }
      assertTrue(feed.read() >= 0);
      assertTrue(put.get(30, TimeUnit.SECONDS));
    }
  }

  @Test
  void aLoggerThatTakesNothingIsWaitedForOnceUntilItTakes() throws Exception {
    var patience = Duration.ofMillis(50);
    var pending = new Pending(patience);
    try (var feed = pending.open()) {
      fill(pending, Pending.LIMIT);
      for (int i = 0; i < 2; i++) {
        long start = System.nanoTime();
        assertFalse(pending.put(LINE));
        assertTrue(System.nanoTime() - start >= patience.toNanos(), "waited for");
        assertFalse(pending.put(LINE));
        int took = feed.readNBytes(8_192).length;
        assertEquals(8_192, took);
        fill(pending, took);
      }
    }
  }

  @Test
  void aReadGivesWholeLinesAndBlocksForTheFirst() throws Exception {
    var pending = new Pending(LONG);
    var feed = pending.open();
    byte[] block = new byte[16_384];
    fill(pending, LINE.length);
    assertEquals(LINE.length, feed.read(block));
    var more = new byte[5_000];
    pending.put(more);
    pending.put(more);
    pending.put(new byte[9_000]);
    assertEquals(5_000, feed.read(block), "two are more than a block");
    assertEquals(5_000, feed.read(block));
    assertEquals(9_000, feed.read(block), "one is always taken");
    assertEquals(0, feed.read(block, 0, 0));
    pending.end();
    assertEquals(-1, feed.read(block));
    assertTrue(pending.done());
  }
}
