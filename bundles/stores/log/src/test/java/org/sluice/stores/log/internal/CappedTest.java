package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeaseRequest;
import org.sluice.testkit.Mail;

/** What is passed over is looked at once, in portions, and keeps its turn. */
class CappedTest {
  private static final Set<String> SLOW = Set.of("slow.example");

  private Instant now = Instant.parse("2026-06-01T00:00:00Z");
  private LogStore store;

  @BeforeEach
  void open() throws IOException {
    InstantSource clock = () -> now = now.plusMillis(1);
    store =
        new LogStore(new MemoryDisk(), LogStoreTest.SMALL, clock.withZone(ZoneOffset.UTC), () -> 0);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private QueueId commit(String address) throws IOException {
    return Mail.commit(store, Mail.body(1, 10), Mail.to(Channel.REMOTE, address));
  }

  private List<QueueId> leased(int limit, Set<String> capped) throws IOException {
    var request = new LeaseRequest(Channel.REMOTE, Mail.FAR, limit, Duration.ofMinutes(1), capped);
    return store.lease(request).stream().map(Lease::id).toList();
  }

  @Test
  void aCallEndsThoughThereIsMoreToPassOver() throws IOException {
    for (int i = 0; i < Leasing.MOST_LOOKED_AT + 500; i++) {
      commit(i + "@slow.example");
    }
    var fast = commit("a@fast.example");
    assertEquals(List.of(), leased(100, SLOW));
    assertTrue(store.nextDue(Channel.REMOTE, SLOW).isPresent());
    assertEquals(List.of(fast), leased(100, SLOW));
    assertFalse(store.nextDue(Channel.REMOTE, SLOW).isPresent());
    assertEquals(0, store.statistics().leased() - 1);
  }

  @Test
  void theEarliestComesFirstWhereverItLies() throws IOException {
    var all = new ArrayList<QueueId>();
    for (int i = 0; i < 3; i++) {
      all.add(commit("a@slow.example"));
      all.add(commit("a@slower.example"));
    }
    assertEquals(List.of(), leased(1000, Set.of("slow.example", "slower.example")));
    all.add(commit("a@fast.example"));
    assertEquals(List.of(all.get(1), all.get(3)), leased(2, SLOW));
    assertEquals(List.of(all.get(5), all.get(6)), leased(3, SLOW));
    assertEquals(List.of(all.get(0), all.get(2), all.get(4)), leased(9, Set.of()));
  }
}
