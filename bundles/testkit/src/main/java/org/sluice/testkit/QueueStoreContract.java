package org.sluice.testkit;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeaseRequest;
import org.sluice.api.store.QueueAction;
import org.sluice.api.store.QueueEntry;
import org.sluice.api.store.QueueRecord;
import org.sluice.api.store.QueueStore;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.api.store.ReportedAction;

/**
 * What every {@link QueueStore} must do (DESIGN.md section 5). The test of a store extends this and
 * opens the store, before each test with an empty queue, closing it afterwards; it adds what is
 * that store's own, such as what a power cut leaves. All is called by one thread. The store's clock
 * is the system's, give or take seconds.
 */
public abstract class QueueStoreContract extends QueueQueryContract {
  /** For the tests of stores. */
  protected QueueStoreContract() {}

  @Test
  void committedMessageIsLeasedOnceAndReadBack() throws IOException {
    byte[] body = Mail.body(1, 5000);
    var id = Mail.commit(store(), body, Mail.to("a", "b"));
    var lease = Mail.lease(store(), Channel.LOCAL).get(0);
    assertEquals(id, lease.id());
    assertEquals(List.of("a", "b"), lease.recipients().stream().map(r -> r.address()).toList());
    assertEquals(0, Mail.lease(store(), Channel.LOCAL).size());
    assertArrayEquals(body, Mail.read(store(), id));
  }

  @Test
  void allDoneLeavesTheQueue() throws IOException {
    var id = Mail.commit(store(), Mail.body(1, 10), Mail.to("a"));
    var lease = Mail.lease(store(), Channel.LOCAL).get(0);
    assertTrue(store().settle(lease, List.of(RecipientOutcome.done(0)), Optional.of(Mail.FAR)));
    assertThrows(IOException.class, () -> store().message(id).open());
    assertTrue(store().settle(lease, List.of(), Optional.of(Mail.FAR)), "once more");
    assertEquals(0, store().statistics().messages());
    assertEquals(0, store().statistics().recipients());
  }

  @Test
  void failuresBounceWithTheirReportsAlsoAfterRestart() throws IOException {
    Mail.commit(store(), Mail.body(1, 10), Mail.to("a", "b"));
    var lease = Mail.lease(store(), Channel.LOCAL).get(0);
    boolean left =
        store()
            .settle(
                lease,
                List.of(RecipientOutcome.failed(1, "no such user"), RecipientOutcome.done(0)),
                Optional.of(Mail.FAR));
    assertFalse(left);
    var again = reopened();
    var bounce = Mail.lease(again, Channel.BOUNCE).get(0);
    assertEquals("no such user", bounce.recipients().get(0).report());
    assertTrue(again.settle(bounce, List.of(), Optional.of(Mail.FAR)));
    assertEquals(0, again.statistics().messages());
  }

  @Test
  void whatWasAskedComesBackWithEveryLease() throws IOException {
    var record = Mail.asked();
    Mail.commit(store(), Mail.body(1, 10), record);
    assertAsked(record);
    reopened();
    assertAsked(record);
  }

  private void assertAsked(QueueRecord record) throws IOException {
    for (Channel channel : List.of(Channel.LOCAL, Channel.REMOTE)) {
      var lease = Mail.lease(store(), channel).get(0);
      assertEquals(record.options(), lease.options());
      for (var recipient : lease.recipients()) {
        assertEquals(record.recipients().get(recipient.index()).options(), recipient.options());
      }
    }
    try (var all = store().browse()) {
      assertEquals(record, all.findFirst().orElseThrow().record());
    }
  }

  @Test
  void browsingTellsHowEachRecipientStands() throws IOException {
    var record = Mail.to("a", "b", "c");
    var id = Mail.commit(store(), Mail.body(1, 10), record);
    var other = Mail.commit(store(), Mail.body(2, 20), Mail.to(Channel.REMOTE, "far"));
    assertStands("000 000", id);
    var lease = Mail.lease(store(), Channel.LOCAL).get(0);
    var outcomes = List.of(RecipientOutcome.done(0), RecipientOutcome.failed(2, "no"));
    store().settle(lease, outcomes, Optional.of(Mail.FAR));
    assertStands("101 001", id);
    reopened();
    assertStands("101 001", id);
    lease = Mail.lease(store(), Channel.LOCAL).get(0);
    var did = new RecipientOutcome(1, ReportedAction.DELIVERED, "did");
    store().settle(lease, List.of(did), Optional.of(Mail.FAR));
    assertStands("111 001", id);
    try (var all = store().browse((broken, why) -> fail(why))) {
      var entries = all.toList();
      assertEquals(2, entries.size());
      assertEquals(Set.of(id, other), entries.stream().map(QueueEntry::id).collect(toSet()));
      var entry = entries.stream().filter(e -> e.id().equals(id)).findFirst().orElseThrow();
      assertEquals(record, entry.record());
      assertEquals(10, entry.size());
    }
  }

  private void assertStands(String expected, QueueId id) throws IOException {
    try (var all = store().browse()) {
      var entry = all.filter(e -> e.id().equals(id)).findFirst().orElseThrow();
      assertEquals(expected, bits(entry.finished()) + " " + bits(entry.failed()));
    }
  }

  private static String bits(List<Boolean> list) {
    return list.stream().map(bit -> bit ? "1" : "0").collect(joining());
  }

  @Test
  void aBodyAnnouncedAsEightBitComesBackAsOne() throws IOException {
    var announced = MessageOptions.NONE.withEightBit(true);
    Mail.commit(store(), Mail.body(1, 10), Mail.asked(announced));
    assertEquals(announced, Mail.lease(store(), Channel.REMOTE).get(0).options());
    assertEquals(announced, Mail.lease(reopened(), Channel.REMOTE).get(0).options());
  }

  @Test
  void promisedReportsAreDueWhenAllIsDone() throws IOException {
    var record = Mail.asked();
    var id = Mail.commit(store(), Mail.body(1, 10), record);
    var local = Mail.lease(store(), Channel.LOCAL).get(0);
    var did = new RecipientOutcome(0, ReportedAction.DELIVERED, "did\n");
    var outcomes = List.of(did, RecipientOutcome.done(2));
    assertFalse(store().settle(local, outcomes, Optional.of(Mail.FAR)));
    assertEquals(0, Mail.lease(store(), Channel.BOUNCE).size());
    var remote = Mail.lease(store(), Channel.REMOTE).get(0);
    var sent = new RecipientOutcome(1, ReportedAction.RELAYED, "");
    assertFalse(store().settle(remote, List.of(sent), Optional.of(Mail.FAR)));
    var report = Mail.lease(reopened(), Channel.BOUNCE).get(0);
    assertEquals(record.options(), report.options());
    assertEquals(
        List.of("DELIVERED a did\n", "RELAYED b "),
        report.recipients().stream()
            .map(r -> r.action() + " " + r.address() + " " + r.report())
            .toList());
    var asked = record.recipients();
    assertEquals(
        List.of(asked.get(0).options(), asked.get(1).options()),
        report.recipients().stream().map(r -> r.options()).toList());
    assertTrue(store().settle(report, List.of(), Optional.of(Mail.FAR)));
    assertThrows(IOException.class, () -> store().message(id).open());
  }

  @Test
  void whatTheSenderHasBeenToldOfADelayIsKept() throws IOException {
    Mail.commit(store(), Mail.body(1, 10), Mail.asked());
    var lease = Mail.lease(store(), Channel.LOCAL).get(0);
    assertEquals(ReportedAction.NONE, lease.recipients().get(0).action());
    var told = new RecipientOutcome(2, ReportedAction.DELAYED, "");
    assertFalse(store().settle(lease, List.of(told), Optional.of(Mail.FAR)));
    assertEquals(3, store().statistics().recipients());
    assertTold();
    reopened();
    assertTold();
    assertEquals(0, Mail.lease(store(), Channel.BOUNCE).size());
  }

  private void assertTold() throws IOException {
    var late = Mail.lease(store(), Channel.LOCAL).get(0).recipients();
    assertEquals(
        List.of("0 DELAYED", "2 DELAYED"),
        late.stream().map(r -> r.index() + " " + r.action()).toList());
    var other = Mail.lease(store(), Channel.REMOTE).get(0).recipients();
    assertEquals(ReportedAction.NONE, other.get(0).action());
  }

  @Test
  void unfinishedIsDueAtTheNextAttempt() throws IOException {
    Mail.commit(store(), Mail.body(1, 10), Mail.to("a", "b"));
    var lease = Mail.lease(store(), Channel.LOCAL).get(0);
    assertFalse(store().settle(lease, List.of(RecipientOutcome.done(0)), Optional.of(Mail.FAR)));
    assertEquals(Optional.of(Mail.FAR), store().nextDue(Channel.LOCAL));
    assertEquals(1, Mail.lease(reopened(), Channel.LOCAL).get(0).recipients().size());
  }

  @Test
  void lostLeaseCannotSettle() throws IOException {
    Mail.commit(store(), Mail.body(1, 10), Mail.to("a"));
    var lease = Mail.lease(store(), Channel.LOCAL).get(0);
    store().settle(lease, List.of(), Optional.of(Mail.FAR));
    Mail.lease(store(), Channel.LOCAL);
    var done = List.of(RecipientOutcome.done(0));
    assertThrows(IOException.class, () -> store().settle(lease, done, Optional.empty()));
    assertFalse(store().extend(lease, Duration.ofMinutes(1)));
  }

  @Test
  void whatIsGivenBackIsDueThenOrWhenFlushed() throws IOException {
    Mail.commit(store(), Mail.body(1, 10), Mail.to("a"));
    var lease = Mail.lease(store(), Channel.LOCAL).get(0);
    var soon = Instant.now().plusSeconds(100_000);
    assertTrue(store().giveBack(lease, soon));
    assertEquals(soon.toEpochMilli(), store().nextDue(Channel.LOCAL).orElseThrow().toEpochMilli());
    assertFalse(store().giveBack(lease, soon), "the lease is gone");
    lease = Mail.lease(store(), Channel.LOCAL).get(0);
    store().settle(lease, List.of(RecipientOutcome.failed(0, "no")), Optional.of(Mail.FAR));
    var bounce = Mail.lease(store(), Channel.BOUNCE).get(0);
    assertTrue(store().giveBack(bounce, soon));
    assertEquals(soon.toEpochMilli(), store().nextDue(Channel.BOUNCE).orElseThrow().toEpochMilli());
    assertEquals(1, store().flush());
    assertTrue(store().nextDue(Channel.BOUNCE).orElseThrow().isBefore(soon));
    var again = Mail.lease(store(), Channel.BOUNCE).get(0);
    assertEquals("no", again.recipients().get(0).report());
    assertFalse(store().giveBack(bounce, soon), "another has it now");
    assertTrue(store().settle(again, List.of(), Optional.of(Mail.FAR)));
    assertFalse(store().giveBack(again, soon), "it has left");
  }

  @Test
  void operatorActions() throws IOException {
    var id = Mail.commit(store(), Mail.body(1, 10), Mail.to("a"));
    assertTrue(store().apply(id, QueueAction.HOLD));
    assertEquals(1, store().statistics().held());
    assertEquals(0, Mail.lease(store(), Channel.LOCAL).size());
    assertTrue(store().apply(id, QueueAction.RELEASE));
    assertTrue(store().apply(id, QueueAction.BOUNCE));
    assertEquals(1, Mail.lease(store(), Channel.BOUNCE).size());
    assertFalse(store().apply(id, QueueAction.REMOVE));
    var other = Mail.commit(store(), Mail.body(1, 10), Mail.to("a"));
    try (var all = store().browse()) {
      assertEquals(2, all.count());
    }
    assertTrue(store().apply(other, QueueAction.REMOVE));
    assertFalse(store().apply(other, QueueAction.REMOVE));
  }

  @Test
  void oneChannelIsMadeDueButWhatIsHeld() throws IOException {
    var held = Mail.commit(store(), Mail.body(1, 10), Mail.to("a"));
    Mail.commit(store(), Mail.body(1, 10), Mail.to(Channel.REMOTE, "far"));
    Mail.commit(store(), Mail.body(1, 10), Mail.to("a", "b"));
    for (Channel channel : List.of(Channel.LOCAL, Channel.REMOTE)) {
      for (var lease : Mail.lease(store(), channel)) {
        store().settle(lease, List.of(), Optional.of(Mail.FAR));
      }
    }
    assertTrue(store().apply(held, QueueAction.HOLD));
    assertEquals(Optional.of(Mail.FAR), store().nextDue(Channel.LOCAL));
    assertEquals(1, store().makeDue(Channel.LOCAL));
    assertTrue(store().nextDue(Channel.LOCAL).orElseThrow().isBefore(Mail.FAR));
    assertEquals(Optional.of(Mail.FAR), store().nextDue(Channel.REMOTE));
    assertEquals(1, Mail.lease(store(), Channel.LOCAL).size());
  }

  private static final Set<String> CAPPED = Set.of("slow.example", "");

  private Set<QueueId> leased(Set<String> capped) throws IOException {
    var minute = Duration.ofMinutes(1);
    var request = new LeaseRequest(Channel.REMOTE, Mail.FAR, 1000, minute, capped);
    return store().lease(request).stream().map(Lease::id).collect(toSet());
  }

  private QueueId commitRemote(String... addresses) throws IOException {
    return Mail.commit(store(), Mail.body(1, 10), Mail.to(Channel.REMOTE, addresses));
  }

  private boolean isDue(Set<String> capped) throws IOException {
    return store().nextDue(Channel.REMOTE, capped).isPresent();
  }

  @Test
  void whatIsForCappedDestinationsOnlyIsPassedOver() throws IOException {
    var slow = commitRemote("a@slow.example", "b@Slow.EXAMPLE");
    var none = commitRemote("nowhere", "a@slow.example");
    var both = commitRemote("a@slow.example", "a@fast.example");
    var fast = commitRemote("a@sub.slow.example");
    assertEquals(Set.of(both, fast), leased(CAPPED));
    assertEquals(Set.of(), leased(CAPPED));
    assertFalse(isDue(CAPPED));
    assertTrue(isDue(Set.of("slow.example")), "what has no domain");
    assertEquals(Set.of(none), leased(Set.of("slow.example")));
    assertFalse(isDue(Set.of("slow.example")));
    assertEquals(Set.of(), leased(Set.of("slow.example", "fast.example")));
    assertTrue(isDue(Set.of("fast.example")));
    assertTrue(store().nextDue(Channel.REMOTE).isPresent());
    assertEquals(Set.of(slow), leased(Set.of("fast.example")));
  }

  @Test
  void whatIsUnfinishedSaysWhatIsPassedOver() throws IOException {
    commitRemote("a@slow.example", "a@fast.example");
    var lease = Mail.lease(store(), Channel.REMOTE).get(0);
    store().settle(lease, List.of(RecipientOutcome.done(1)), Optional.of(Instant.EPOCH));
    assertEquals(Set.of(), leased(CAPPED));
    assertFalse(isDue(CAPPED));
    reopened();
    assertTrue(isDue(CAPPED), "nobody has looked yet");
    assertEquals(Set.of(), leased(CAPPED));
    assertEquals(1, leased(Set.of()).size());
  }

  @Test
  void whatWasPassedOverCanBeChangedByTheOperator() throws IOException {
    var one = commitRemote("a@slow.example");
    var two = commitRemote("b@slow.example");
    var three = commitRemote("c@slow.example");
    assertEquals(Set.of(), leased(CAPPED));
    assertEquals(3, store().flush());
    assertEquals(Set.of(), leased(CAPPED));
    assertTrue(store().apply(one, QueueAction.HOLD));
    assertTrue(store().apply(two, QueueAction.REMOVE));
    assertTrue(store().apply(three, QueueAction.BOUNCE));
    assertFalse(isDue(Set.of()));
    assertEquals(1, Mail.lease(store(), Channel.BOUNCE).size());
    assertTrue(store().apply(one, QueueAction.RELEASE));
    assertEquals(Set.of(), leased(CAPPED));
    assertEquals(Set.of(one), leased(Set.of()));
  }
}
