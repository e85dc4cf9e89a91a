package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueAction;
import org.sluice.api.store.QueueQuery;

/** Deliveries that are put off for what passes soon: no loop, and no wait when it has passed. */
class SoonTest extends BenchTest {
  private static final DeliveryResult SOON =
      new DeliveryResult.TempFail("No agent.\n", Optional.of(Duration.ofSeconds(1)));

  private Duration age = Duration.ZERO;

  private void submit(String to) throws Exception {
    bench.submit("a@b.example", List.of(to), "Subject: x\n\nx\n");
    bench.await(LIMIT, () -> bench.open().size() == 1);
  }

  private void putOff() throws Exception {
    bench.open().get(0).answer(SOON);
    bench.settle();
    assertEquals(List.of(), bench.open());
  }

  private Duration wait(Channel channel) {
    return Duration.between(bench.clock.instant(), bench.store.nextDue(channel).orElseThrow());
  }

  private void again(Duration age) throws Exception {
    bench.advance(age.minus(this.age));
    this.age = age;
    bench.queue.bindStore(bench.store); // wakes it
    bench.await(LIMIT, () -> bench.open().size() == 1);
    putOff();
  }

  @Test
  void theOlderTheSlowerUntilTheScheduleIsSooner() throws Exception {
    submit("u@here.example");
    putOff();
    assertEquals(Duration.ofSeconds(1), wait(Channel.LOCAL));
    again(Duration.ofSeconds(1));
    assertEquals(Duration.ofSeconds(1), wait(Channel.LOCAL));
    again(Duration.ofSeconds(10));
    assertEquals(Duration.ofSeconds(5), wait(Channel.LOCAL));
    again(Duration.ofSeconds(300));
    assertEquals(Duration.ofSeconds(150), wait(Channel.LOCAL));
    again(Duration.ofDays(3));
    assertEquals(Duration.ofSeconds(519 * 519 - 259_200), wait(Channel.LOCAL));
  }

  @Test
  void ageMakesNoFailureOfItForADay() throws Exception {
    submit("u@here.example");
    putOff();
    for (int hours : List.of(0, 12, 24)) {
      again(Duration.ofDays(30).plusHours(hours));
      Duration wait = wait(Channel.LOCAL);
      assertTrue(wait.toHours() < 24 && wait.toSeconds() > 60, hours + " hours: " + wait);
    }
    bench.advance(Duration.ofHours(13));
    bench.queue.bindStore(bench.store); // wakes it
    bench.await(LIMIT, () -> bench.open().size() == 1);
    bench.open().get(0).answer(SOON);
    bench.await(LIMIT, () -> bench.log().stream().anyMatch(l -> l.contains(": failure: No_agent")));
  }

  @Test
  void whatIsThereMakesOldMailFailAsEver() throws Exception {
    submit("u@here.example");
    putOff();
    again(Duration.ofDays(30));
    bench.flush.bindAgent(null);
    bench.nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    bench.await(LIMIT, () -> bench.open().size() == 1);
    bench.open().get(0).answer(new DeliveryResult.TempFail("disk full\n"));
    bench.await(LIMIT, () -> bench.log().stream().anyMatch(l -> l.contains(": failure: disk")));
    // That of the bounce, to another host, may have begun by now.
    assertEquals(3, bench.log().stream().filter(l -> l.contains(" to local u@here")).count());
  }

  @Test
  void whenAServiceHasComeItIsTriedAgain() throws Exception {
    submit("u@here.example");
    putOff();
    bench.flush.bindAgent(null);
    bench.settle();
    assertEquals(List.of(), bench.open(), "not all know it yet");
    bench.nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    bench.await(LIMIT, () -> bench.open().size() == 1);
  }

  @Test
  void mailForOtherHostsKeepsItsSchedule() throws Exception {
    submit("u@far.example");
    putOff();
    Duration before = wait(Channel.REMOTE);
    bench.flush.bindDirectory(null);
    bench.nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    bench.queue.bindStore(bench.store); // wakes it
    bench.settle();
    assertEquals(before, wait(Channel.REMOTE));
  }

  @Test
  void whatTheScheduleHasPutOffKeepsIt() throws Exception {
    submit("u@here.example");
    bench.open().get(0).answer(new DeliveryResult.TempFail("disk full\n"));
    bench.settle();
    Duration before = wait(Channel.LOCAL);
    bench.flush.bindAgent(null);
    bench.nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    bench.queue.bindStore(bench.store); // wakes it
    bench.settle();
    assertEquals(before, wait(Channel.LOCAL));
  }

  @Test
  void whatAnOperatorMakesDueBeginsWhenTheTriggerIsPulled() throws Exception {
    submit("u@far.example");
    bench.open().get(0).answer(new DeliveryResult.TempFail("later\n"));
    bench.settle();
    assertEquals(1, bench.store.apply(QueueQuery.ALL.toDomain("far.example"), QueueAction.FLUSH));
    bench.settle();
    assertEquals(List.of(), bench.open());
    bench.flush.pull();
    bench.await(LIMIT, () -> bench.open().size() == 1);
  }
}
