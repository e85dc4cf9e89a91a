package org.sluice.api.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.ReversePath;

/** Which messages an operator means. */
class QueueQueryTest {
  private static final Instant BIRTH = Instant.parse("2026-01-01T00:00:00.5Z");

  /** For joe@a.example, who waits, amy@b.example, who has it, and bob@c.example, who failed. */
  private static QueueEntry message(String sender, boolean hold) {
    var recipients =
        List.of(
            new QueuedRecipient(Channel.REMOTE, "joe@a.example"),
            new QueuedRecipient(Channel.REMOTE, "amy@b.example"),
            new QueuedRecipient(Channel.LOCAL, "bob@c.example"),
            new QueuedRecipient(Channel.LOCAL, "root"));
    var record = new QueueRecord(new ReversePath(sender), recipients, 7, 8, BIRTH, hold);
    return new QueueEntry(
        new QueueId(1),
        record,
        10,
        List.of(false, true, true, false),
        BIRTH,
        List.of(false, false, true, false));
  }

  private static boolean from(String criterion, String sender) {
    return QueueQuery.ALL.from(criterion).matches(message(sender, false));
  }

  @Test
  void aSenderIsAnAddressOrADomain() {
    assertTrue(from("News@Shop.example", "news@shop.EXAMPLE"));
    assertFalse(from("news@shop.example", "news@shop.example.org"));
    assertTrue(from("@shop.example", "\"a@b\"@shop.example"));
    assertFalse(from("@shop.example", "news@mail.shop.example"));
    assertFalse(from("@shop.example", "shop.example"));
    assertTrue(from("", ""));
    assertFalse(from("", "news@shop.example"));
    assertFalse(from("news@shop.example", ""));
    assertTrue(from("#@[]", "#@[]"));
  }

  private static boolean fits(QueueQuery query) {
    return query.matches(message("s@x", false));
  }

  @Test
  void aRecipientCountsUntilItHasTheMessage() {
    assertTrue(fits(QueueQuery.ALL));
    assertTrue(fits(QueueQuery.ALL.to("JOE@a.example")));
    assertFalse(fits(QueueQuery.ALL.to("amy@b.example")), "she has it");
    assertTrue(fits(QueueQuery.ALL.to("bob@c.example")), "its sender is told of him");
    assertFalse(fits(QueueQuery.ALL.to("joe@A")));
    assertTrue(fits(QueueQuery.ALL.toDomain("A.example")));
    assertFalse(fits(QueueQuery.ALL.toDomain("b.example")));
    assertFalse(fits(QueueQuery.ALL.toDomain("example")));
    assertTrue(fits(QueueQuery.ALL.toDomain("")), "root has no domain");
    assertTrue(fits(QueueQuery.ALL.to("joe@a.example").toDomain("a.example")));
    assertFalse(fits(QueueQuery.ALL.to("joe@a.example").toDomain("c.example")), "two recipients");
  }

  @Test
  void stateAndAge() {
    assertEquals(QueueState.HELD, message("s@x", true).state());
    assertEquals(QueueState.WAITING, message("s@x", false).state());
    var open = message("s@x", false);
    var over = new QueueEntry(open.id(), open.record(), 10, List.of(true, true, true, true), BIRTH);
    assertEquals(QueueState.BOUNCING, over.state());
    assertTrue(fits(QueueQuery.ALL.in(QueueState.WAITING)));
    assertFalse(fits(QueueQuery.ALL.in(QueueState.HELD)));
    assertTrue(fits(QueueQuery.ALL.bornBy(BIRTH)));
    assertFalse(fits(QueueQuery.ALL.bornBy(BIRTH.minusNanos(1))));
  }

  @Test
  void everyCriterionMustHold() {
    var query = QueueQuery.ALL.from("s@x").toDomain("a.example").bornBy(BIRTH);
    assertTrue(fits(query));
    assertFalse(fits(query.from("t@x")));
    assertFalse(fits(query.toDomain("z.example")));
    assertFalse(fits(query.in(QueueState.BOUNCING)));
    assertFalse(fits(query.bornBy(Instant.EPOCH)));
  }
}
