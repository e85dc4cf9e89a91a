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
  private static final Duration LIMIT = Duration.ofSeconds(30);
  @TempDir Path home;
  private final AtomicLong nanos = new AtomicLong();
  private Bench bench;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(home.resolve("control"));
    Files.writeString(home.resolve("control/me"), "here.example\n");
    Files.writeString(home.resolve("control/locals"), "here.example\n");
    bench = new Bench(home, new Pace(1, nanos::get));
    bench.connect();
    bench.settle();
    moment();
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
    now();
    bench.submit("a@b.example", List.of(to), "Subject: x\n\nx\n");
    now();
    bench.queue.bindStore(bench.store); // wakes it
    bench.settle();
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
  void oneEndsThenTheNextBegins() throws Exception {
    submit("a@here.example");
    submit("b@here.example", "c@here.example");
    assertEquals(1, open(Channel.LOCAL));
    answer();
    bench.await(LIMIT, () -> open(Channel.LOCAL) == 1 && bench.log().contains(started(2)));
    answer();
    bench.await(LIMIT, () -> open(Channel.LOCAL) == 1 && bench.log().contains(started(3)));
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
    assertEquals(1, open(Channel.LOCAL));
    moment();
    bench.await(LIMIT, () -> open(Channel.LOCAL) == 3);
  }

  @Test
  void thoseOfOtherHostsDoNotWait() throws Exception {
    submit("a@here.example", "b@here.example", "c@far.example", "d@far.example");
    assertEquals(1, open(Channel.LOCAL));
    assertEquals(2, open(Channel.REMOTE));
  }

  @Test
  void nobodyWaitsForLong() throws Exception {
    submit("a@here.example");
    submit("b@here.example");
    assertEquals(1, open(Channel.LOCAL));
    bench.advance(Pace.LONGEST.plusMinutes(1));
    bench.await(LIMIT, () -> open(Channel.LOCAL) == 2);
  }
}
