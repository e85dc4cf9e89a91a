package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.Channel;
import org.sluice.api.store.RecipientOutcome;

/** Cuts the power at every operation of a workload and looks at what comes back. */
class PowerCutTest {
  private final Map<QueueId, byte[]> acknowledged = new HashMap<>();
  private final Set<QueueId> tried = new HashSet<>();
  private final Map<String, byte[]> sent = new HashMap<>();
  private final Set<QueueId> durablyDone = new HashSet<>();

  @Test
  void nothingAcknowledgedIsLostAtAnyOperation() throws IOException {
    var whole = new MemoryDisk();
    workload(whole);
    long operations = whole.operations;
    assertTrue(operations > 150, "workload is too small: " + operations);
    for (long cut = 1; cut <= operations; cut++) {
      for (int seed = 0; seed < 4; seed++) {
        acknowledged.clear();
        tried.clear();
        durablyDone.clear();
        sent.clear();
        var disk = new MemoryDisk();
        disk.cutAt = cut;
        try {
          workload(disk);
        } catch (IOException e) {
          assertTrue(disk.operations >= cut, "cut " + cut + ": " + e);
        }
        check(disk.afterCut(new Random(cut * 31 + seed)), cut, seed);
      }
    }
  }

  private void workload(MemoryDisk disk) throws IOException {
    var store = new LogStore(disk, LogStoreTest.SMALL, Clock.systemUTC());
    for (int i = 0; i < 60; i++) {
      int size = i % 9 == 4 ? 9000 : 3000 + i;
      byte[] body = Mail.body(i, size);
      String address = "u" + i;
      sent.put(address, body);
      var id = Mail.commit(store, body, Mail.to(address, "second"));
      acknowledged.put(id, body);
      // A settled outcome is durable as soon as a later commit is; so what was done before it.
      tried.forEach(durablyDone::add);
      for (var lease : Mail.lease(store, Channel.LOCAL)) {
        if (i % 10 == 3) {
          settle(store, lease, false); // stays, with a failure noted
        } else {
          tried.add(lease.id());
          acknowledged.remove(lease.id());
          settle(store, lease, true);
        }
      }
      if (i % 3 == 2) {
        store.maintain();
      }
    }
  }

  private static void settle(LogStore store, org.sluice.api.store.Lease lease, boolean all)
      throws IOException {
    var outcomes = new java.util.ArrayList<RecipientOutcome>();
    lease.recipients().forEach(r -> outcomes.add(RecipientOutcome.done(r.index())));
    var some = List.of(RecipientOutcome.failed(0, "report"));
    store.settle(lease, all ? outcomes : some, Optional.of(Mail.FAR.plusSeconds(all ? 0 : 9)));
  }

  private void check(MemoryDisk disk, long cut, int seed) throws IOException {
    String where = "cut " + cut + " seed " + seed;
    for (int round = 0; round < 2; round++) {
      var store = new LogStore(disk, LogStoreTest.SMALL, Clock.systemUTC());
      try (var all = store.browse()) {
        for (var entry : all.toList()) {
          String first = entry.record().recipients().get(0).address();
          assertArrayEquals(sent.get(first), Mail.read(store, entry.id()), where);
          assertTrue(!durablyDone.contains(entry.id()), where + " came back: " + entry.id());
        }
      }
      for (var one : acknowledged.entrySet()) {
        assertArrayEquals(one.getValue(), Mail.read(store, one.getKey()), where);
      }
      long messages = store.statistics().messages();
      store.maintain();
      assertEquals(messages, store.statistics().messages(), where);
      store.close();
    }
  }
}
