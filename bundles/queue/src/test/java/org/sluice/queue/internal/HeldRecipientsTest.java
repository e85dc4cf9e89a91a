package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueAction;
import org.sluice.api.store.QueueQuery;
import org.sluice.api.store.QueueState;

/** Recipients that wait in memory until their destination may have more. */
class HeldRecipientsTest extends BenchTest {
  private static final DeliveryResult OK = new DeliveryResult.Delivered("ok\n");

  @Override
  void prepare() throws IOException {
    control("concurrencylocal", "0\n"); // what is to be done there would wake it as well
    control("concurrencyremote", "300\n");
    control(DestinationLimits.FILE, "slow.example:1\npaced.example:0:60\n.many.example:0:1\n");
  }

  private void submit(List<String> recipients) throws Exception {
    bench.submit("", recipients, "Subject: x\n\nx\n");
    bench.settle();
  }

  private static List<String> numbered(int count, String domain) {
    var recipients = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      recipients.add("u" + i + "@" + domain);
    }
    return recipients;
  }

  private List<String> recipients() {
    return bench.open().stream().map(open -> open.attempt.recipient()).sorted().toList();
  }

  private void answerOne() throws Exception {
    bench.open().get(0).answer(OK);
    bench.settle();
  }

  @Test
  void whoMayBeginWhileTheDispatcherLooksBeginsSoon() throws Exception {
    submit(numbered(2, "paced.example"));
    answerOne();
    assertEquals(List.of(), recipients());
    bench.leasing.set(
        request -> {
          if (request.channel() == Channel.REMOTE) { // when those that wait have been looked at
            bench.advance(Duration.ofSeconds(1));
          }
        });
    bench.flush.pull();
    bench.await(Duration.ofSeconds(10), () -> recipients().equals(List.of("u1@paced.example")));
  }

  @Test
  void oneMessageForVeryManyKeepsNobodyFromHisTurn() throws Exception {
    submit(numbered(20_010, "slow.example"));
    submit(List.of("a@fast.example"));
    assertEquals(List.of("a@fast.example", "u0@slow.example"), recipients());
    submit(List.of("b@fast.example", "b@slow.example"));
    submit(List.of("c@fast.example"));
    assertEquals(List.of("a@fast.example", "c@fast.example", "u0@slow.example"), recipients());
    assertEquals(3, bench.store.statistics().leased(), "no more wait in memory");
    for (int i = 0; i < 10; i++) {
      bench.open().stream()
          .filter(open -> open.attempt.recipient().endsWith("@slow.example"))
          .forEach(open -> open.answer(OK));
      bench.settle();
    }
    bench.advance(Duration.ofMinutes(2));
    bench.flush.pull();
    bench.settle();
    assertEquals(
        List.of("a@fast.example", "b@fast.example", "c@fast.example", "u10@slow.example"),
        recipients());
  }

  @Test
  void thoseWhoWaitAreNotLookedAtForEachThatComesToThem() throws Exception {
    var recipients = new ArrayList<String>();
    for (int i = 0; i < 10_000; i++) {
      recipients.add("u@d" + i % 250 + ".many.example");
    }
    long before = bench.clock.asked.get(); // as it is for each destination that is looked at
    submit(recipients);
    assertEquals(250, bench.open().size());
    long asked = bench.clock.asked.get() - before;
    assertTrue(asked < 100_000, () -> asked + " times");
  }

  @Test
  void whatIsPutOnHoldIsNotBegun() throws Exception {
    for (int i = 0; i < 3; i++) { // which are leased together
      bench.failing.add("lease REMOTE");
      bench.submit("", List.of("u" + i + "@slow.example"), "Subject: x\n\nx\n");
    }
    bench.failing.clear();
    bench.await(LIMIT, () -> !bench.open().isEmpty());
    bench.settle();
    assertEquals(3, bench.store.statistics().leased());
    assertEquals(3, bench.store.apply(QueueQuery.ALL, QueueAction.HOLD));
    bench.flush.pull();
    bench.settle();
    assertEquals(1, bench.store.statistics().leased());
    answerOne();
    assertEquals(List.of(), recipients());
    assertEquals(2, bench.store.apply(QueueQuery.ALL.in(QueueState.HELD), QueueAction.RELEASE));
    bench.flush.pull();
    bench.settle();
    assertEquals(1, recipients().size());
    assertEquals(0, bench.store.apply(QueueQuery.ALL, QueueAction.REMOVE));
    bench.flush.pull();
    bench.settle();
    assertEquals(1, bench.store.apply(QueueQuery.ALL, QueueAction.REMOVE), "run again");
    answerOne();
    assertEquals(0, bench.store.statistics().messages());
  }
}
