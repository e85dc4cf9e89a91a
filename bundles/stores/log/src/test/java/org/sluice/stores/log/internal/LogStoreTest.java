package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueAction;
import org.sluice.api.store.QueueEntry;
import org.sluice.api.store.QueueStore;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.api.store.ReportedAction;
import org.sluice.testkit.Mail;
import org.sluice.testkit.QueueStoreContract;

/** The log store against the contract, and what becomes of its segments. */
class LogStoreTest extends QueueStoreContract {
  static final LogOptions SMALL = new LogOptions(32 << 10, 6000, 2048, false);
  private final MemoryDisk disk = new MemoryDisk();
  private LogStore store;

  @BeforeEach
  void open() throws IOException {
    store = new LogStore(disk, SMALL, Clock.systemUTC());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected QueueStore store() {
    return store;
  }

  @Override
  protected QueueStore reopened() throws IOException {
    store.close();
    store = new LogStore(disk, SMALL, Clock.systemUTC());
    return store;
  }

  private static void deliver(LogStore store) throws IOException {
    for (var lease : Mail.lease(store, Channel.LOCAL)) {
      store.settle(lease, List.of(RecipientOutcome.done(0)), Optional.of(Mail.FAR));
    }
  }

  @Test
  void sixteenThreadsExactlyOnce() throws Exception {
    Set<QueueId> seen = ConcurrentHashMap.newKeySet();
    var pool = Executors.newFixedThreadPool(16);
    var all = new ArrayList<Future<?>>();
    for (int t = 0; t < 16; t++) {
      all.add(
          pool.submit(
              () -> {
                for (int i = 0; i < 200; i++) {
                  Mail.commit(store, Mail.body(i, 300), Mail.to("a"));
                  for (var lease : Mail.lease(store, Channel.LOCAL)) {
                    assertTrue(seen.add(lease.id()));
                    assertEquals(300, Mail.read(store, lease.id()).length);
                    store.settle(lease, List.of(RecipientOutcome.done(0)), Optional.of(Mail.FAR));
                  }
                  if (i % 20 == 0) {
                    store.maintain();
                  }
                }
                return null;
              }));
    }
    for (var one : all) {
      one.get();
    }
    pool.shutdown();
    deliver(store);
    assertEquals(0, store.statistics().messages());
    assertEquals(3200, seen.size());
    store.maintain();
    assertTrue(disk.list("").size() <= 3, "segments are recycled: " + disk.list(""));
  }

  @Test
  void whatLeavesWhileItIsLookedAtIsNotBroken() throws IOException {
    close();
    var looked = new ArrayList<Object>();
    InvocationHandler racing =
        (proxy, method, arguments) -> {
          if (method.getName().equals("open") && arguments[0].toString().startsWith("bodies/")) {
            looked.add(arguments[0]);
            deliver(store);
            store.maintain();
          }
          try {
            return method.invoke(disk, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    var type = Disk.class;
    store =
        new LogStore(
            type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, racing)),
            SMALL,
            Clock.systemUTC());
    Mail.commit(store, Mail.body(1, 9000), Mail.to("a"));
    Mail.commit(store, Mail.body(2, 10), Mail.to("a"));
    var stays = Mail.commit(store, Mail.body(3, 10), Mail.to(Channel.REMOTE, "far"));
    var found = store.browse((id, e) -> fail("message " + id, e)).map(QueueEntry::id).toList();
    assertEquals(List.of("bodies/1"), looked);
    assertEquals(List.of(stays), found);
  }

  @Test
  void copiedForwardMessageKeepsItsReports() throws IOException {
    var id = Mail.commit(store, Mail.body(1, 100), Mail.to("a", "b"));
    var lease = Mail.lease(store, Channel.LOCAL).get(0);
    store.settle(lease, List.of(RecipientOutcome.failed(0, "rep")), Optional.of(Mail.FAR));
    for (int i = 0; i < 60; i++) {
      store.apply(Mail.commit(store, Mail.body(i, 3000), Mail.to("z")), QueueAction.REMOVE);
      store.maintain();
    }
    assertTrue(disk.list("").size() <= 3, "was copied: " + disk.list(""));
    reopened();
    assertArrayEquals(Mail.body(1, 100), Mail.read(store, id));
    assertTrue(store.apply(id, QueueAction.BOUNCE));
    var bounce = Mail.lease(store, Channel.BOUNCE).get(0);
    assertEquals("rep", bounce.recipients().get(0).report());
    assertEquals(2, bounce.recipients().size());
  }

  @Test
  void copiedForwardMessageKeepsWhatWasAskedAndPromised() throws IOException {
    Mail.commit(store, Mail.body(1, 100), Mail.asked());
    var lease = Mail.lease(store, Channel.LOCAL).get(0);
    var did = new RecipientOutcome(0, ReportedAction.DELIVERED, "did");
    var late = new RecipientOutcome(2, ReportedAction.DELAYED, "");
    store.settle(lease, List.of(did, late), Optional.of(Mail.FAR));
    for (int i = 0; i < 60; i++) {
      store.apply(Mail.commit(store, Mail.body(i, 3000), Mail.to("z")), QueueAction.REMOVE);
      store.maintain();
    }
    assertTrue(disk.list("").size() <= 3, "was copied: " + disk.list(""));
    reopened();
    var again = Mail.lease(store, Channel.LOCAL).get(0);
    assertEquals(
        List.of(ReportedAction.DELAYED), again.recipients().stream().map(r -> r.action()).toList());
    store.giveBack(again, Instant.EPOCH);
    var rest = List.of(RecipientOutcome.failed(1, "no"), RecipientOutcome.done(2));
    store.settle(Mail.lease(store, Channel.LOCAL).get(0), rest, Optional.of(Mail.FAR));
    store.settle(Mail.lease(store, Channel.REMOTE).get(0), rest, Optional.of(Mail.FAR));
    var report = Mail.lease(store, Channel.BOUNCE).get(0);
    assertEquals(Mail.asked().options(), report.options());
    assertEquals(
        List.of(ReportedAction.DELIVERED, ReportedAction.FAILED),
        report.recipients().stream().map(r -> r.action()).toList());
  }

  @Test
  void mailThatAsksForNothingIsNotAnOctetLonger() {
    var plain = Mail.to("abc", "de");
    int before = 4 + 24 + 12 + 12 + 1 + 4 + "s@x".length() + 4 + 2 * 5 + "abcde".length();
    byte[] payload = new Envelope(1, 2, 0, plain).encode(new byte[] {'h', 'i'}, 2);
    assertEquals(before, Envelope.length(payload));
    assertEquals(before + 2, payload.length);
    assertEquals(plain, Envelope.decode(payload).record());
  }

  @Test
  void restartsReuseTheSegmentsOfTheirPredecessors() throws IOException {
    for (int i = 0; i < 20; i++) {
      Mail.commit(store, Mail.body(i, 100), Mail.to("a"));
      reopened();
      deliver(store);
      store.maintain();
    }
    long highest =
        disk.list("").stream()
            .flatMapToLong(name -> Segments.slot(name).stream())
            .max()
            .orElseThrow();
    assertTrue(highest <= 5, "segments made: " + highest);
  }

  @Test
  void aReaderKeepsItsSegment() throws IOException {
    byte[] body = Mail.body(7, 3000);
    var id = Mail.commit(store, body, Mail.to("a"));
    String first = disk.list("").get(0);
    var message = store.message(id);
    try (var in = message.open()) {
      assertEquals(body[0], (byte) in.read());
      for (int i = 0; i < 30; i++) { // the message itself is copied forward meanwhile
        store.apply(Mail.commit(store, Mail.body(i, 3000), Mail.to("z")), QueueAction.REMOVE);
        store.maintain();
      }
      assertTrue(disk.list("").contains(first));
      byte[] rest = in.readAllBytes();
      assertArrayEquals(java.util.Arrays.copyOfRange(body, 1, body.length), rest);
    }
    try (var in = message.open()) {
      assertArrayEquals(body, in.readAllBytes());
    }
    for (int i = 0; i < 30; i++) {
      store.apply(Mail.commit(store, Mail.body(i, 3000), Mail.to("z")), QueueAction.REMOVE);
      store.maintain();
    }
    assertTrue(disk.list("").size() <= 3, "freed once nobody reads: " + disk.list(""));
  }
}
