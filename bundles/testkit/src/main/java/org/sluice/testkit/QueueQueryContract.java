package org.sluice.testkit;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueAction;
import org.sluice.api.store.QueueEntry;
import org.sluice.api.store.QueueQuery;
import org.sluice.api.store.QueueState;
import org.sluice.api.store.QueueStore;
import org.sluice.api.store.RecipientOutcome;

/** The part of {@link QueueStoreContract} that is about many messages at once. */
abstract class QueueQueryContract {
  /**
   * The store under test: within a test always the same one, until {@link #reopened}.
   *
   * @throws IOException if it cannot be opened, which fails the test
   */
  protected abstract QueueStore store() throws IOException;

  /**
   * Closes the store and opens the same queue anew, as a restart of the server does. Leases that
   * are out are void then. From now on {@link #store} gives the new one.
   *
   * @return the new one
   * @throws IOException if it cannot be closed or opened, which fails the test
   */
  protected abstract QueueStore reopened() throws IOException;

  private Set<QueueId> meant(QueueQuery query) throws IOException {
    try (var found = store().browse(query)) {
      return found.map(QueueEntry::id).collect(toSet());
    }
  }

  @Test
  void aQueryFindsMessagesByWhoTheyAreForAndHowTheyStand() throws IOException {
    var two = Mail.commit(store(), Mail.body(1, 10), Mail.to("joe@here", "amy@here"));
    var far = Mail.commit(store(), Mail.body(2, 10), Mail.to(Channel.REMOTE, "joe@far"));
    var born = Mail.to().birth();
    assertEquals(Set.of(two, far), meant(QueueQuery.ALL));
    assertEquals(Set.of(two, far), meant(QueueQuery.ALL.from("S@x").bornBy(born)));
    assertEquals(Set.of(), meant(QueueQuery.ALL.bornBy(born.minusMillis(1))));
    assertEquals(Set.of(two), meant(QueueQuery.ALL.to("joe@here")));
    assertEquals(Set.of(far), meant(QueueQuery.ALL.toDomain("far")));
    var lease = Mail.lease(store(), Channel.LOCAL).get(0);
    store().settle(lease, List.of(RecipientOutcome.done(0)), Optional.of(Mail.FAR));
    assertEquals(Set.of(), meant(QueueQuery.ALL.to("joe@here")), "he has it");
    assertTrue(store().apply(far, QueueAction.HOLD));
    reopened();
    assertEquals(Set.of(far), meant(QueueQuery.ALL.in(QueueState.HELD)));
    assertEquals(Set.of(two), meant(QueueQuery.ALL.in(QueueState.WAITING).to("amy@here")));
    lease = Mail.lease(store(), Channel.LOCAL).get(0);
    store().settle(lease, List.of(RecipientOutcome.failed(1, "no")), Optional.of(Mail.FAR));
    assertEquals(Set.of(two), meant(QueueQuery.ALL.in(QueueState.BOUNCING).to("amy@here")));
  }

  @Test
  void anActionIsAppliedToAllThatAQueryFinds() throws IOException {
    var here = Mail.commit(store(), Mail.body(1, 10), Mail.to("a@here"));
    var far = Mail.commit(store(), Mail.body(2, 10), Mail.to(Channel.REMOTE, "b@far"));
    Mail.commit(store(), Mail.body(3, 10), Mail.to(Channel.REMOTE, "c@far"));
    var there = QueueQuery.ALL.toDomain("FAR");
    assertEquals(2, store().apply(there, QueueAction.HOLD));
    assertEquals(2, store().statistics().held());
    assertEquals(0, Mail.lease(store(), Channel.REMOTE).size());
    assertEquals(1, store().apply(there.to("b@far"), QueueAction.RELEASE));
    var lease = Mail.lease(store(), Channel.REMOTE).get(0);
    assertEquals(far, lease.id());
    assertEquals(1, store().apply(there, QueueAction.REMOVE), "the other one is leased");
    assertEquals(0, store().apply(there, QueueAction.BOUNCE), "likewise");
    assertTrue(store().giveBack(lease, Mail.FAR));
    assertEquals(1, store().apply(there, QueueAction.FLUSH));
    assertTrue(store().nextDue(Channel.REMOTE).orElseThrow().isBefore(Mail.FAR));
    assertEquals(1, store().apply(there, QueueAction.BOUNCE));
    assertEquals(far, Mail.lease(store(), Channel.BOUNCE).get(0).id());
    assertEquals(Set.of(here), meant(QueueQuery.ALL.in(QueueState.WAITING)));
    assertEquals(0, store().apply(QueueQuery.ALL.from("other@x"), QueueAction.REMOVE));
    assertEquals(2, store().statistics().messages());
  }

  @Test
  void anInterruptEndsWhatAQueryHasBegun() throws IOException {
    Mail.commit(store(), Mail.body(1, 10), Mail.to("a"));
    Thread.currentThread().interrupt();
    try {
      assertThrows(
          InterruptedIOException.class, () -> store().apply(QueueQuery.ALL, QueueAction.HOLD));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals(0, store().statistics().held());
  }
}
