package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.DeliveryResult;

/** No destination gets more than control/destinationlimits says, and none waits for another. */
class DestinationLimitsTest extends BenchTest {
  private static final DeliveryResult OK = new DeliveryResult.Delivered("ok\n");
  private static final DeliveryResult LATER = new DeliveryResult.TempFail("later\n");

  @Override
  void prepare() throws IOException {
    control("concurrencyremote", "10\n");
    limits("slow.example:2\n");
  }

  private void limits(String text) throws IOException {
    control(DestinationLimits.FILE, text);
  }

  /** Changes the limits and waits until they are seen. */
  private void change(String text) throws Exception {
    var before = bench.queue.control().map(DestinationLimits.FILE);
    limits(text);
    bench.await(LIMIT, () -> !seen().equals(before));
    wake();
  }

  private Object seen() {
    try {
      return bench.queue.control().map(DestinationLimits.FILE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void wake() throws Exception {
    bench.queue.bindStore(bench.store);
    bench.settle();
  }

  private void submit(String... recipients) throws Exception {
    bench.submit("", List.of(recipients), "Subject: x\n\nx\n");
  }

  /** One message each. */
  private void submitEach(int count, String domain) throws Exception {
    for (int i = 0; i < count; i++) {
      submit("u" + i + "@" + domain);
    }
    bench.settle();
  }

  private Map<String, Integer> running() {
    var count = new TreeMap<String, Integer>();
    bench.open().forEach(open -> count.merge(domain(open), 1, Integer::sum));
    return count;
  }

  private static String domain(Bench.Open open) {
    return open.attempt.recipient().replaceFirst(".*@", "");
  }

  private List<String> recipients() {
    return bench.open().stream().map(open -> open.attempt.recipient()).sorted().toList();
  }

  private void answer(String domain, DeliveryResult result) throws Exception {
    bench.open().stream()
        .filter(open -> domain(open).equals(domain))
        .findFirst()
        .orElseThrow()
        .answer(result);
    bench.settle();
  }

  private void answerAll() throws Exception {
    while (!bench.open().isEmpty()) {
      bench.open().get(0).answer(OK);
      bench.settle();
    }
  }

  private long delivered() {
    return bench.log().stream().filter(line -> line.contains(": success: ")).count();
  }

  @Test
  void oneDestinationWaitsAndOthersDoNot() throws Exception {
    submitEach(30, "slow.example");
    submitEach(4, "fast.example");
    assertEquals(Map.of("slow.example", 2, "fast.example", 4), running());
    submitEach(9, "late.example");
    assertEquals(Map.of("slow.example", 2, "fast.example", 4, "late.example", 4), running());
    for (int i = 0; i < 4; i++) {
      answer("fast.example", OK);
    }
    assertEquals(Map.of("slow.example", 2, "late.example", 8), running());
    answer("slow.example", OK);
    assertEquals(Map.of("slow.example", 2, "late.example", 8), running());
    answerAll();
    assertEquals(43, delivered());
    assertEquals(0, bench.store.statistics().messages());
  }

  @Test
  void recipientsOfOneMessageAreCountedToo() throws Exception {
    submit("a@slow.example", "b@Slow.Example", "c@slow.example", "d@slow.example", "e@x.example");
    bench.settle();
    assertEquals(List.of("a@slow.example", "b@Slow.Example", "e@x.example"), recipients());
    submit("f@slow.example", "f@y.example");
    bench.settle();
    assertEquals(4, bench.open().size(), "with one destination that is free it begins");
    answer("x.example", LATER);
    answer("slow.example", LATER);
    assertEquals(
        List.of("b@Slow.Example", "c@slow.example", "f@y.example"),
        recipients(),
        "what was put off has to wait until all have been tried");
    answer("slow.example", OK);
    answer("Slow.Example", OK);
    answer("slow.example", OK);
    answerAll();
    assertEquals(5, delivered());
    bench.advance(Duration.ofHours(1));
    wake();
    assertEquals(List.of("a@slow.example", "e@x.example"), recipients());
  }

  @Test
  void soManyBeginInAMinute() throws Exception {
    change(":0:6\n");
    submitEach(3, "a.example");
    submitEach(2, "b.example");
    assertEquals(Map.of("a.example", 1, "b.example", 1), running());
    answer("a.example", OK);
    bench.advance(Duration.ofSeconds(9));
    wake();
    assertEquals(Map.of("b.example", 1), running());
    bench.advance(Duration.ofSeconds(1));
    wake();
    assertEquals(Map.of("a.example", 1, "b.example", 2), running());
    answerAll();
    bench.advance(Duration.ofMinutes(5));
    wake();
    answerAll();
    assertEquals(5, delivered());
  }

  @Test
  void aChangeOfOthersGivesNobodyOneMore() throws Exception {
    change("a.example:0:6\n");
    submitEach(3, "a.example");
    assertEquals(Map.of("a.example", 1), running());
    change("a.example:0:6\nb.example:1\n");
    assertEquals(Map.of("a.example", 1), running());
    bench.advance(Duration.ofSeconds(10));
    wake();
    assertEquals(Map.of("a.example", 2), running());
  }

  @Test
  void itWakesByItselfWhenOneMoreMayBegin() throws Exception {
    change("a.example::60\n");
    submitEach(2, "a.example");
    answer("a.example", OK);
    assertEquals(0, bench.open().size());
    bench.advance(Duration.ofSeconds(1)); // the time of day; by its own clock it sleeps for as long
    bench.await(Duration.ofSeconds(10), () -> bench.open().size() == 1);
  }

  @Test
  void newLimitsCountAtOnceAndBadLinesForNothing() throws Exception {
    submitEach(8, "slow.example");
    assertEquals(Map.of("slow.example", 2), running());
    change("slow.example:many\n.example:5\n");
    assertEquals(Map.of("slow.example", 5), running());
    change(".example:3\n");
    answer("slow.example", OK);
    answer("slow.example", OK);
    assertEquals(Map.of("slow.example", 3), running());
    Files.delete(home.resolve("control").resolve(DestinationLimits.FILE));
    bench.await(LIMIT, () -> seen().equals(Optional.empty()));
    wake();
    assertEquals(Map.of("slow.example", 6), running());
    answerAll();
    assertEquals(8, delivered());
  }

  @Test
  void oneThatHasWaitedAndGetsNoThreadIsNotLost() throws Exception {
    submitEach(4, "slow.example");
    bench.threadsMissing.set(1);
    answer("slow.example", OK);
    bench.await(LIMIT, () -> running().equals(Map.of("slow.example", 2)));
    assertEquals(0, bench.threadsMissing.get());
    answerAll();
    assertEquals(4, delivered());
  }

  @Test
  void theQueueEndsThoughSomeWait() throws Exception {
    submit("a@slow.example", "b@slow.example", "c@slow.example", "d@slow.example");
    bench.settle(); // its recipients are the first, also where the dispatcher is slow
    submitEach(5, "slow.example");
    var stop = new Thread(() -> stopScheduler());
    stop.start();
    bench.await(LIMIT, () -> Files.notExists(home.resolve("run/queue.ready")));
    bench.await(LIMIT, () -> bench.store.statistics().leased() == 1);
    for (var open : new ArrayList<>(bench.open())) {
      open.answer(OK);
    }
    stop.join(LIMIT.toMillis());
    assertEquals(2, delivered());
    assertEquals(0, bench.store.statistics().leased(), "all has been given back");
    assertEquals(7, bench.store.statistics().recipients());
    assertTrue(bench.log().stream().noneMatch(line -> line.contains("deferral")));
  }

  private void stopScheduler() {
    try {
      bench.scheduler.stop();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aStoreThatLeavesGetsThemBack() throws Exception {
    submit("a@slow.example", "b@slow.example", "c@slow.example");
    bench.settle(); // its recipients are the first, also where the dispatcher is slow
    submitEach(5, "slow.example");
    var leave = new Thread(() -> bench.queue.unbindStore(bench.store));
    leave.start();
    bench.await(LIMIT, () -> bench.queue.store() == null);
    bench.await(LIMIT, () -> bench.store.statistics().leased() == 1);
    for (var open : new ArrayList<>(bench.open())) {
      open.answer(OK);
    }
    leave.join(LIMIT.toMillis());
    assertEquals(0, bench.store.statistics().leased());
    wake();
    assertEquals(Map.of("slow.example", 2), running());
    answerAll();
    assertEquals(8, delivered());
  }
}
