package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.Transport;
import org.sluice.api.store.Channel;

/** The end: nothing starts any more, what is under way ends and is written down. */
class StopTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  @TempDir Path home;
  private Bench bench;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(home.resolve("control"));
    Files.writeString(home.resolve("control/me"), "here.example\n");
    Files.writeString(home.resolve("control/concurrencylocal"), "1\n");
    bench = new Bench(home);
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  private void submit(String sender, String... to) throws Exception {
    bench.submit(sender, List.of(to), "Subject: x\n\nx\n");
  }

  private CompletableFuture<List<String>> stop() throws Exception {
    int lines = bench.log().size();
    var stopped =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                bench.scheduler.stop();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              List<String> log = bench.log();
              return log.subList(lines, log.size());
            });
    bench.await(LIMIT, () -> Files.notExists(home.resolve("run/queue.ready")));
    return stopped;
  }

  private void begun() throws Exception {
    bench.connect();
    bench.settle();
    submit("a@b.example", "a@here.example", "b@here.example");
    bench.await(LIMIT, () -> bench.open().size() == 1);
  }

  @Test
  void nothingStartsAndWhatIsUnderWayIsWrittenDown() throws Exception {
    begun();
    var stopped = stop();
    submit("", "c@far.example");
    bench.open().get(0).answer(new DeliveryResult.Delivered("ok"));
    List<String> log = stopped.get();
    assertEquals(
        List.of(
            "delivery 1: success: ok", "status: local 0/1 remote 0/20 exitasap", "status: exiting"),
        log.stream().filter(line -> !line.matches("(new|info) msg .*")).toList());
    assertEquals(2, bench.store.statistics().recipients());
    assertEquals(0, bench.store.statistics().leased());
    for (Channel channel : List.of(Channel.LOCAL, Channel.REMOTE)) {
      var due = bench.store.nextDue(channel).orElseThrow();
      assertTrue(due.compareTo(bench.clock.instant()) <= 0, "due at once after the restart");
    }
  }

  @Test
  void whoFailsMeanwhileStillGetsABounce() throws Exception {
    bench.connect();
    bench.settle();
    submit("a@b.example", "u@far.example");
    bench.await(LIMIT, () -> bench.open().size() == 1);
    var stopped = stop();
    bench.open().get(0).answer(new DeliveryResult.PermFail("no\n"));
    List<String> log = stopped.get().stream().map(l -> l.replaceAll("\\d{5,}.*", "")).toList();
    assertEquals(
        List.of(
            "delivery 1: failure: no/",
            "status: local 0/1 remote 0/20 exitasap",
            "new msg 2",
            "info msg 2: bytes ",
            "bounce msg 1 qp ",
            "end msg 1",
            "status: exiting"),
        log.stream().map(l -> l.replaceAll("bytes .*", "bytes ")).toList());
    assertEquals(1, bench.store.statistics().messages());
  }

  @Test
  void whatTakesTooLongIsInterruptedAndTriedAgain() throws Exception {
    begun();
    bench.scheduler.drain(Duration.ZERO);
    List<String> log = stop().get();
    assertTrue(log.get(0).startsWith("delivery 1: deferral: delivery_interrupted"), log.toString());
    assertEquals("status: exiting", log.get(log.size() - 1));
    assertEquals(2, bench.store.statistics().recipients());
    assertEquals(0, bench.store.statistics().leased());
  }

  /** Also the delivery that the dispatcher is about to start at that moment. */
  @Test
  void onceTheEndIsToldNoDeliveryGetsASlot() {
    List<String> log = new ArrayList<>();
    var counts = new Counts(Pace.any(), new DeliveryLog(log::add));
    counts.limits(1, 1);
    Slots.Slot slot = counts.take(Channel.LOCAL, () -> log.add("a")).orElseThrow();
    counts.exit();
    assertTrue(counts.take(Channel.REMOTE, () -> log.add("b")).isEmpty());
    counts.release(slot);
    assertTrue(counts.take(Channel.LOCAL, () -> log.add("c")).isEmpty());
    assertEquals(
        List.of("a", "status: local 1/1 remote 0/1", "status: local 0/1 remote 0/1 exitasap"), log);
  }

  /** Counting and logging are one step: no line repeats, skips or goes back to a count. */
  @Test
  void everyStatusLineIsTrue() throws Exception {
    Files.writeString(home.resolve("control/concurrencylocal"), "20\n");
    bench.close();
    bench = new Bench(home);
    bench.scheduler.bindTransport(
        attempt -> new DeliveryResult.Delivered("ok"), Map.of(Transport.CHANNEL, "local"));
    bench.settle();
    String[] to = new String[500];
    java.util.Arrays.setAll(to, i -> "u" + i + "@here.example");
    for (int i = 0; i < 4; i++) {
      submit("", to);
    }
    bench.await(LIMIT, () -> bench.store.statistics().messages() == 0);
    bench.settle();
    List<Integer> counts =
        bench.log().stream()
            .filter(line -> line.startsWith("status: local "))
            .map(line -> Integer.parseInt(line.substring(14, line.indexOf('/'))))
            .toList();
    assertEquals(4_001, counts.size());
    for (int i = 1; i < counts.size(); i++) {
      assertEquals(1, Math.abs(counts.get(i) - counts.get(i - 1)), "line " + i);
    }
    assertEquals(0, counts.get(counts.size() - 1));
  }
}
