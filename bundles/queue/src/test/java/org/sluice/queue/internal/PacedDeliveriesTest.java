package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.store.Channel;

/** Local deliveries while mail comes in: the clock of the pace stands still unless it is moved. */
class PacedDeliveriesTest {
  /** Less than the dispatcher sleeps when nobody tells it of anything. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path home;
  private final AtomicLong nanos = new AtomicLong();
  private final Pace pace = new Pace(2, nanos::get);
  private Bench bench;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(home.resolve("control"));
    Files.writeString(home.resolve("control/me"), "here.example\n");
    Files.writeString(home.resolve("control/locals"), "here.example\n");
    bench = new Bench(home, pace);
    bench.connect();
    bench.settle();
    moment();
    pace.mail();
    pace.mail(); // from now on mail keeps coming
  }

  @AfterEach
  void stop() throws IOException {
    moment();
    bench.close();
  }

  private void moment() {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(Pace.MOMENT_MILLIS));
  }

  private void submit(String... to) throws Exception {
    come(to);
    bench.flush.come(); // wakes it
    bench.settle();
  }

  private void come(String... to) throws Exception {
    now();
    bench.submit("a@b.example", List.of(to), "Subject: x\n\nx\n");
    now();
  }

  /** The store says by the system's clock when mail is due. */
  private void now() {
    bench.advance(Duration.between(bench.clock.instant(), Instant.now()));
  }

  private long open(Channel channel) {
    return bench.open().stream().filter(o -> o.channel == channel).count();
  }

  private void answer() {
    bench.open().stream()
        .filter(o -> o.channel == Channel.LOCAL)
        .findFirst()
        .orElseThrow()
        .answer(new DeliveryResult.Delivered("ok\n"));
  }

  @Test
  void oneBatchBeginsAfterTheOther() throws Exception {
    submit("a@here.example");
    submit("b@here.example", "c@here.example", "d@here.example");
    assertEquals(2, open(Channel.LOCAL));
    answer();
    bench.settle();
    assertEquals(1, open(Channel.LOCAL), "the time of the others has not come");
    on();
    bench.await(LIMIT, () -> open(Channel.LOCAL) == 3 && bench.log().contains(started(4)));
  }

  /** Mail keeps coming until the next batch may begin. */
  private void on() {
    for (int millis = 0; millis < Pace.GATHER_MILLIS; millis++) {
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
      pace.mail();
    }
  }

  /** The second comes when a batch has begun, so nobody wakes the dispatcher for it. */
  @Test
  void whoIsNotToldOfIsSeenAsWell() throws Exception {
    come("a@here.example");
    bench.await(LIMIT, () -> open(Channel.LOCAL) == 1);
    come("b@here.example");
    bench.await(LIMIT, () -> open(Channel.LOCAL) == 2);
  }

  private String started(int delivery) {
    return bench.log().stream()
        .filter(line -> line.startsWith("starting delivery " + delivery + ":"))
        .findFirst()
        .orElse("not started");
  }

  @Test
  void allBeginWhenNoMoreComes() throws Exception {
    submit("a@here.example", "b@here.example", "c@here.example");
    assertEquals(2, open(Channel.LOCAL));
    moment();
    bench.await(LIMIT, () -> open(Channel.LOCAL) == 3);
  }

  @Test
  void thoseOfOtherHostsDoNotWait() throws Exception {
    submit(
        "a@here.example",
        "b@here.example",
        "c@here.example",
        "d@far.example",
        "e@far.example",
        "f@far.example");
    assertEquals(2, open(Channel.LOCAL));
    assertEquals(3, open(Channel.REMOTE));
  }

  @Test
  void nobodyWaitsForLong() throws Exception {
    submit("a@here.example", "b@here.example");
    submit("c@here.example");
    assertEquals(2, open(Channel.LOCAL));
    bench.advance(Pace.LONGEST.plusMinutes(1));
    bench.await(LIMIT, () -> open(Channel.LOCAL) == 3);
  }
}
