package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.QueueStore;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.api.store.ReportedAction;

class PassTest {
  private static final Instant NEXT = Instant.ofEpochSecond(500);
  private final List<List<Object>> settled = new ArrayList<>();

  private final QueueStore store =
      (QueueStore)
          Proxy.newProxyInstance(
              PassTest.class.getClassLoader(),
              new Class<?>[] {QueueStore.class},
              (self, method, arguments) -> {
                settled.add(List.of(arguments[1], arguments[2]));
                return settled.size() == 2;
              });

  private Pass pass(int recipients) {
    List<LeasedRecipient> list = new ArrayList<>();
    for (int i = 0; i < recipients; i++) {
      list.add(new LeasedRecipient(i, "u" + i, Channel.LOCAL, ""));
    }
    var id = new QueueId(1);
    var lease = new Lease(id, Channel.LOCAL, 1, ReversePath.NULL, 0, 0, Instant.EPOCH, 10, list);
    return new Pass(store, lease, NEXT, false);
  }

  @Test
  void endsOnceWhenTheLastTwoReportTogether() throws Exception {
    Pass pass = pass(2);
    pass.finished(RecipientOutcome.done(0));
    pass.finished(RecipientOutcome.done(1));
    assertTrue(pass.settle());
    assertFalse(pass.settle());
    assertFalse(pass.left());
    var both = List.of(RecipientOutcome.done(0), RecipientOutcome.done(1));
    assertEquals(List.of(List.of(both, Optional.of(NEXT))), settled);
  }

  @Test
  void writesLongListsInPieces() throws Exception {
    Pass pass = pass(20);
    for (int i = 0; i < 20; i++) {
      assertFalse(pass.settle());
      pass.finished(RecipientOutcome.done(i));
    }
    assertTrue(pass.settle());
    assertEquals(2, settled.size());
    assertEquals(Optional.empty(), settled.get(0).get(1));
    assertTrue(pass.left());
  }

  @Test
  void whoTellsOfDelaysEndsThePass() throws Exception {
    Pass pass = pass(2);
    var late = Telling.delayed(pass.lease().recipients().get(0), "busy");
    pass.late(late, Optional.empty());
    assertEquals(List.of(), pass.toTell());
    pass.finished(RecipientOutcome.done(1));
    assertEquals(List.of(late), pass.toTell());
    assertEquals(List.of(), pass.toTell()); // it is another thread's
    assertFalse(pass.settle());
    pass.told(List.of(late), Optional.empty());
    assertTrue(pass.settle());
    var both =
        List.of(RecipientOutcome.done(1), new RecipientOutcome(0, ReportedAction.DELAYED, ""));
    assertEquals(List.of(List.of(both, Optional.of(NEXT))), settled);
    assertEquals(List.of(), pass.toTell());
  }

  @Test
  void delaysAreNotToldOfAPassThatIsBrokenOff() throws Exception {
    Pass pass = pass(2);
    pass.late(Telling.delayed(pass.take(), "busy"), Optional.empty());
    pass.abandon(Instant.EPOCH);
    assertEquals(List.of(), pass.toTell());
    assertTrue(pass.settle());
    assertEquals(List.of(List.of(List.of(), Optional.of(Instant.EPOCH))), settled);
  }
}
