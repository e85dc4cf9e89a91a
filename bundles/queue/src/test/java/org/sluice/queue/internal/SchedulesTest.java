package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.RetrySchedule;
import org.sluice.api.mail.DeliverBy;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;
import org.sluice.testkit.Background;
import org.sluice.testkit.Logged;
import org.sluice.testkit.Mail;

/** Schedules of third parties instead of qmail's, for mail to another host. */
class SchedulesTest extends BenchTest {
  private static final Instant BIRTH = Instant.ofEpochSecond(1_800_000_000L);
  private static final DeliveryResult LATER = new DeliveryResult.TempFail("busy\n");

  /** Between the first attempt, at birth, and the second: by qmail's formula. */
  private static final long USUAL = 20 * 20;

  private static RetrySchedule in(Duration wait) {
    return (attempt, now, usual) -> Optional.of(now.plus(wait));
  }

  private void bind(RetrySchedule schedule) {
    bench.queue.bindSchedule(schedule, Map.of("service.ranking", 0, "service.id", 7L));
  }

  private void submit(MessageOptions options, String... boxes) throws Exception {
    List<Recipient> recipients = new ArrayList<>();
    for (String box : boxes) {
      recipients.add(new Recipient(box + "@far.example"));
    }
    bench.submit(
        new Envelope(new ReversePath("s@here.example"), recipients, options), "Subject: x\n\nx\n");
    bench.await(LIMIT, () -> bench.open().size() == boxes.length);
  }

  private void answer(DeliveryResult result) throws Exception {
    for (Bench.Open one : bench.open()) {
      one.answer(result);
    }
    bench.settle();
  }

  /** For how many seconds the mail waits now. */
  private double waits() {
    Instant due = bench.store.nextDue(Channel.REMOTE).orElseThrow();
    return Duration.between(bench.clock.instant(), due).toMillis() / 1000.0;
  }

  /** The time has come, and it is put off again. */
  private void again() throws Exception {
    bench.advance(Duration.ofMillis((long) (1000 * waits())));
    bench.queue.bindStore(bench.store); // wakes it
    bench.await(LIMIT, () -> bench.open().size() == 1);
    answer(LATER);
  }

  /** What the first attempt of a new message makes of a schedule. */
  private double waits(RetrySchedule schedule) throws Exception {
    bind(schedule);
    submit(MessageOptions.NONE, "u");
    answer(LATER);
    return waits();
  }

  @Test
  void comesGoesAndComesBack() throws Exception {
    submit(MessageOptions.NONE, "u");
    answer(LATER);
    assertEquals(USUAL, waits());
    RetrySchedule minute = in(Duration.ofMinutes(1));
    bind(minute);
    assertEquals(USUAL, waits(), "that is settled");
    again();
    assertEquals(60, waits());
    bench.queue.unbindSchedule(minute);
    again();
    assertEquals(41 * 41 - 460, waits());
    bind(minute);
    again();
    assertEquals(60, waits());
  }

  @Test
  void theBestThatHasAnAnswerIsHeard() throws Exception {
    bench.queue.bindSchedule(in(Duration.ofMinutes(1)), Map.of("service.ranking", -1));
    assertEquals(60, waits((attempt, now, usual) -> Optional.empty()));
    RetrySchedule best = (attempt, now, usual) -> Optional.of(usual.plusSeconds(7));
    bench.queue.bindSchedule(best, Map.of("service.ranking", 1));
    again();
    assertEquals(27 * 27 - 60 + 7, waits());
    bench.queue.unbindSchedule(best);
    again();
    assertEquals(60, waits());
  }

  @Test
  void itSeesTheMessageAndIsAskedOnceAnAttempt() throws Exception {
    List<Lease> seen = new ArrayList<>();
    List<Instant> times = new ArrayList<>();
    bind(
        (attempt, now, usual) -> {
          seen.add(attempt);
          times.addAll(List.of(now, usual));
          return Optional.of(now.plusSeconds(5));
        });
    submit(MessageOptions.NONE, "u", "v", "w");
    bench.open().get(0).answer(new DeliveryResult.Delivered("ok\n"));
    bench.settle();
    assertEquals(0, seen.size(), "nothing has been put off");
    answer(LATER);
    assertEquals(List.of(BIRTH, BIRTH.plusSeconds(USUAL)), times);
    assertEquals(3, seen.get(0).recipients().size());
    assertEquals("s@here.example", seen.get(0).sender().address());
    assertEquals(5, waits());
  }

  @Test
  void anInterruptThatWasMeantForItGoesNoFurther() throws Exception {
    bind(
        (attempt, now, usual) -> {
          Thread.currentThread().interrupt();
          return Optional.of(now.plusSeconds(5));
        });
    submit(MessageOptions.NONE, "u");
    answer(LATER);
    Lease lease = Mail.lease(bench.store, Channel.REMOTE).get(0);
    assertEquals(BIRTH.plusSeconds(5), bench.queue.schedule(lease, BIRTH.plusSeconds(USUAL)));
    assertFalse(Thread.interrupted());
  }

  @Test
  void whatFailsLeavesQmailsScheduleAndIsLogged() throws Exception {
    List<RetrySchedule> broken =
        List.of(
            (attempt, now, usual) -> {
              throw new IllegalStateException("bug");
            },
            (attempt, now, usual) -> {
              throw new NoClassDefFoundError("gone");
            },
            (attempt, now, usual) -> null,
            (attempt, now, usual) -> Optional.of(now),
            (attempt, now, usual) -> Optional.of(Instant.MIN));
    for (RetrySchedule schedule : broken) {
      bench.nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
      var log =
          Logged.during(
              () -> {
                assertEquals(USUAL, waits(schedule));
                bench.queue.unbindSchedule(schedule);
              });
      assertEquals(
          1, log.stream().filter(line -> line.contains(" - a retry schedule fails; ")).count());
      answerAll();
    }
  }

  /** Has all that waits delivered. */
  private void answerAll() throws Exception {
    bench.flush.want();
    bench.await(LIMIT, () -> bench.open().size() == 1);
    answer(new DeliveryResult.Delivered("ok\n"));
  }

  @Test
  void answersAreBounded() throws Exception {
    RetrySchedule atOnce = in(Duration.ofNanos(1));
    assertEquals(1, waits(atOnce));
    bench.queue.unbindSchedule(atOnce);
    answerAll();
    assertEquals(604_801, waits((attempt, now, usual) -> Optional.of(Instant.MAX)));
    bench.advance(Duration.ofDays(30));
    bench.queue.bindStore(bench.store); // wakes it
    bench.await(LIMIT, () -> bench.open().size() == 1);
    // Spared, since what it needs is not there: then qmail's schedule is the latest.
    answer(new DeliveryResult.TempFail("no agent\n", Optional.of(Duration.ofDays(99))));
    long age = Duration.ofDays(30).toSeconds();
    long root = (long) Math.sqrt(age) + 20;
    assertEquals(root * root - age, waits());
  }

  @Test
  void whatPassesSoonAndDeadlinesMakeItSooner() throws Exception {
    bind(in(Duration.ofHours(1)));
    submit(MessageOptions.NONE, "u", "v");
    bench.open().get(0).answer(LATER);
    bench.settle();
    answer(new DeliveryResult.TempFail("no agent\n", Optional.of(Duration.ofSeconds(9))));
    assertEquals(9, waits());
    bench.flush.want();
    bench.await(LIMIT, () -> bench.open().size() == 2);
    answer(new DeliveryResult.Delivered("ok\n"));
    var by = new DeliverBy(BIRTH.plusSeconds(1800), DeliverBy.Mode.NOTIFY, false);
    submit(MessageOptions.NONE.withDeliverBy(Optional.of(by)), "u");
    answer(LATER);
    assertEquals(1800, waits());
  }

  @Test
  void whoLeavesIsWaitedForAndThenInterrupted() throws Exception {
    var inside = new CountDownLatch(1);
    RetrySchedule hangs =
        (attempt, now, usual) -> {
          inside.countDown();
          try {
            assertFalse(new CountDownLatch(1).await(60, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Optional.of(now.plusSeconds(60));
        };
    bind(hangs);
    submit(MessageOptions.NONE, "u");
    bench.open().get(0).answer(LATER);
    assertTrue(inside.await(20, TimeUnit.SECONDS));
    var impatient = new CountDownLatch(1);
    var gone =
        Background.run(
            () -> {
              Thread.currentThread().interrupt(); // it does not wait for half a minute
              bench.queue.unbindSchedule(hangs);
              assertTrue(Thread.interrupted());
              impatient.countDown();
            });
    assertTrue(impatient.await(20, TimeUnit.SECONDS));
    gone.get(20, TimeUnit.SECONDS);
    bench.settle();
    assertEquals(60, waits(), "its answer counts, and is written down in spite of the interrupt");
  }
}
