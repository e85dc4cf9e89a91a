package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.api.store.Channel;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.testkit.Mail;

/** Leases last by a clock that nobody sets. */
class LeaseTimeTest {
  private static final long MINUTE = 60_000; // what Mail.lease takes
  private Instant wall = Instant.parse("2026-06-01T00:00:00Z");
  private long ticks = -MINUTE * 3; // any beginning will do
  private LogStore store;

  /** Shows what the test says. */
  private final class Wall extends Clock {
    @Override
    public Instant instant() {
      return wall;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void open() throws IOException {
    store = new LogStore(new MemoryDisk(), LogStoreTest.SMALL, new Wall(), () -> ticks);
    Mail.commit(store, Mail.body(1, 100), Mail.to("a"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void noJumpOfTheClockEndsALease() throws IOException {
    var lease = Mail.lease(store, Channel.LOCAL).get(0);
    for (long days : new long[] {1, -2, 10_000}) {
      wall = wall.plus(Duration.ofDays(days));
      assertTrue(Mail.lease(store, Channel.LOCAL).isEmpty());
      assertTrue(store.nextDue(Channel.LOCAL).isEmpty());
      assertTrue(store.extend(lease, Duration.ZERO));
    }
    assertTrue(store.settle(lease, List.of(RecipientOutcome.done(0)), Optional.of(Mail.FAR)));
  }

  @Test
  void aClockThatStandsStillKeepsNoLease() throws IOException {
    var lease = Mail.lease(store, Channel.LOCAL).get(0);
    ticks += MINUTE / 2;
    assertTrue(store.extend(lease, Duration.ofMinutes(1)));
    ticks += MINUTE;
    assertTrue(Mail.lease(store, Channel.LOCAL).isEmpty());
    ticks += MINUTE / 2;
    assertFalse(store.extend(lease, Duration.ofMinutes(1)));
    assertEquals(1, Mail.lease(store, Channel.LOCAL).size());
    assertThrows(
        IOException.class,
        () -> store.settle(lease, List.of(RecipientOutcome.done(0)), Optional.of(Mail.FAR)));
  }
}
