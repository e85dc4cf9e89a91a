package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.api.store.Channel;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.testkit.Mail;

/** Power cuts around the start that keeps a segment aside whose header is gone. */
class AsideTest {
  private static final String FIRST = "segment-1";
  private static final String DAMAGED = "segment-2";
  private static final String BLANK = "segment-3";
  private static final int SEEDS = 8;
  private final MemoryDisk disk = new MemoryDisk();

  private static LogStore open(MemoryDisk disk) throws IOException {
    return new LogStore(disk, LogStoreTest.SMALL, Clock.systemUTC());
  }

  /** With a blank segment at hand a start has no other reason to force the directory. */
  @BeforeEach
  void losesTheHeaderOfTheSecond() throws IOException {
    for (String to : List.of("first@l", "second@l")) {
      try (var store = open(disk)) {
        Mail.commit(store, Mail.body(1, 30), Mail.to(to));
        store.maintain();
      }
    }
    assertEquals(List.of(FIRST, DAMAGED, BLANK), disk.list(""));
    byte[] octets = disk.contents(DAMAGED);
    for (int at = 0; at < SegmentHeader.SIZE; at++) {
      disk.flip(DAMAGED, at, octets[at]);
    }
  }

  /** Once the first is free, the second under its old name would pass for a blank one. */
  private static void finishTheFirst(LogStore store) throws IOException {
    for (var lease : Mail.lease(store, Channel.LOCAL)) {
      store.settle(lease, List.of(RecipientOutcome.done(0)), Optional.of(Mail.FAR));
    }
    store.maintain();
  }

  @Test
  void theStartMakesNoSegmentAndThenTheFirstIsFreed() throws IOException {
    try (var store = open(disk)) {
      finishTheFirst(store);
      assertEquals(List.of(FIRST, DAMAGED + Segments.ASIDE, BLANK), disk.list(""));
      assertTrue(SegmentHeader.read(disk.open(FIRST)).isEmpty());
    }
  }

  @Test
  void itIsKeptWheneverThePowerFails() throws IOException {
    byte[] octets = disk.contents(DAMAGED);
    MemoryDisk cut;
    long at = 0;
    do {
      cut = disk.copy();
      cut.cutAt = ++at;
      boolean started = false;
      try (var store = open(cut)) {
        started = true;
        finishTheFirst(store);
      } catch (IOException e) {
        assertTrue(cut.isCut(), "cut " + at + ": " + e);
      }
      for (int seed = 0; seed < SEEDS; seed++) {
        String where = "cut " + at + " seed " + seed;
        MemoryDisk found = cut.afterCut(MemoryDisk.random(at * 31 + seed));
        boolean aside = found.list("").contains(DAMAGED + Segments.ASIDE);
        assertNotEquals(aside, found.list("").contains(DAMAGED), where + ": one name");
        assertTrue(aside || !started, where + ": the old name is back");
        try (var store = open(found)) {
          assertEquals(1, store.damagedPlaces(), where);
        }
        assertArrayEquals(octets, found.contents(DAMAGED + Segments.ASIDE), where);
      }
    } while (cut.isCut());
  }
}
