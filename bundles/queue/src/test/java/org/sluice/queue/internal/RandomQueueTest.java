package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.store.QueueAction;
import org.sluice.api.store.QueueQuery;
import org.sluice.api.store.QueueState;

/**
 * Anything in any order, with limits that change: never more for one destination than it may have,
 * nobody waits who could begin, and each recipient ends once.
 */
class RandomQueueTest extends BenchTest {
  private static final List<String> DOMAINS =
      List.of("a.example", "b.example", "c.example", "d.example", "e.far.example");
  private static final int SLOTS = 7;
  private static final DeliveryResult OK = new DeliveryResult.Delivered("ok\n");
  private static final DeliveryResult LATER = new DeliveryResult.TempFail("later\n");
  private static final DeliveryResult NEVER = new DeliveryResult.PermFail("never\n");

  private final Set<String> unfinished = new HashSet<>();
  private final Map<String, Integer> limits = new HashMap<>();

  /** Deliveries under way, and whether their destination had a limit when they began. */
  private final Map<Bench.Open, Boolean> counted = new HashMap<>();

  private Random random;
  private int messages;

  @Override
  void prepare() throws IOException {
    control("concurrencyremote", SLOTS + "\n");
    control(DestinationLimits.FILE, "none.example:1\n");
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 4})
  void allEndsOnceAndNobodyWaitsForNothing(long seed) throws Exception {
    random = new Random(seed);
    limit();
    for (int i = 0; i < 60; i++) {
      step();
      check();
    }
    bench.store.apply(QueueQuery.ALL.in(QueueState.HELD), QueueAction.RELEASE);
    for (int round = 0; round < 10_000 && !unfinished.isEmpty(); round++) {
      if (bench.open().isEmpty()) {
        bench.advance(Duration.ofHours(1));
        bench.store.flush();
        pull();
        check();
      } else {
        answer(random.nextInt(20) > 0 ? OK : NEVER);
        check();
      }
    }
    assertEquals(Set.of(), unfinished);
    pull();
    assertEquals(0, bench.store.statistics().leased());
    assertEquals(0, bench.store.statistics().messages());
  }

  private void step() throws Exception {
    switch (random.nextInt(16)) {
      case 0, 1, 2, 3 -> submit(1 + random.nextInt(3));
      case 4 -> submit(random.nextInt(40) + 1);
      case 5 -> limit();
      case 6 -> {
        bench.advance(Duration.ofSeconds(random.nextInt(600)));
        pull(); // its sleep is that of another clock
      }
      case 7 -> act();
      default -> {
        if (!bench.open().isEmpty()) {
          answer(random.nextInt(3) == 0 ? LATER : random.nextInt(6) == 0 ? NEVER : OK);
        }
      }
    }
    bench.settle();
  }

  private void submit(int recipients) throws IOException {
    var to = new ArrayList<String>();
    messages++;
    for (int i = 0; i < recipients; i++) {
      String domain = DOMAINS.get(random.nextInt(DOMAINS.size()));
      to.add("m" + messages + "-" + i + "@" + domain);
    }
    unfinished.addAll(to);
    bench.submit("#@[]", to, "Subject: x\n\nx\n"); // whose failures nobody is told of
  }

  private void limit() throws Exception {
    limits.clear();
    var text = new StringBuilder("v" + random.nextInt() + ":1\n");
    for (String domain : DOMAINS) {
      int limit = random.nextInt(4);
      if (limit > 0) {
        limits.put(domain, limit);
        text.append(domain).append(':').append(limit).append(random.nextInt(4) > 0 ? "\n" : ":6\n");
      }
    }
    var before = bench.queue.control().map(DestinationLimits.FILE);
    control(DestinationLimits.FILE, text.toString());
    bench.await(LIMIT, () -> !seen().equals(before));
    pull();
  }

  private Object seen() {
    try {
      return bench.queue.control().map(DestinationLimits.FILE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void pull() throws Exception {
    bench.flush.pull();
    bench.settle();
  }

  private void act() throws Exception {
    QueueQuery query = QueueQuery.ALL;
    if (random.nextBoolean()) {
      query = query.toDomain(DOMAINS.get(random.nextInt(DOMAINS.size())));
    }
    if (random.nextInt(3) == 0) {
      query = query.bornBy(bench.clock.instant().minusSeconds(random.nextInt(600)));
    }
    switch (random.nextInt(5)) {
      case 0 -> bench.store.apply(query, QueueAction.HOLD);
      case 1, 2 -> bench.store.apply(query.in(QueueState.HELD), QueueAction.RELEASE);
      case 3 -> bench.store.apply(query, QueueAction.FLUSH);
      default -> {
        bench.store.apply(query, random.nextBoolean() ? QueueAction.REMOVE : QueueAction.BOUNCE);
        var left = new HashSet<String>();
        pull();
        try (var entries = bench.store.browse()) {
          entries.forEach(
              entry -> {
                for (int i = 0; i < entry.record().recipients().size(); i++) {
                  if (!entry.finished().get(i)) {
                    left.add(entry.record().recipients().get(i).address());
                  }
                }
              });
        }
        bench.open().forEach(open -> left.add(open.attempt.recipient()));
        unfinished.retainAll(left);
      }
    }
    pull();
  }

  private void answer(DeliveryResult result) throws Exception {
    var open = bench.open();
    Bench.Open one = open.get(random.nextInt(open.size()));
    String recipient = one.attempt.recipient();
    assertTrue(unfinished.contains(recipient), recipient + " is delivered to again");
    if (result != LATER) {
      unfinished.remove(recipient);
    }
    one.answer(result);
    bench.settle();
  }

  private static String domain(String recipient) {
    return recipient.substring(recipient.indexOf('@') + 1);
  }

  private void check() throws Exception {
    var now = new HashSet<Bench.Open>(bench.open());
    counted.keySet().retainAll(now);
    var busy = counts();
    var recipients = new HashSet<String>();
    for (Bench.Open one : now) {
      String recipient = one.attempt.recipient();
      assertTrue(recipients.add(recipient), recipient + " is delivered to twice at once");
      Integer limit = limits.get(domain(recipient));
      if (counted.putIfAbsent(one, limit != null) == null && limit != null) {
        int count = busy.merge(domain(recipient), 1, Integer::sum);
        assertTrue(count <= limit, recipient + " is number " + count + " of " + limit);
      }
    }
    long begun = begun();
    pull();
    assertEquals(begun, begun(), () -> "could have begun before: " + bench.log());
  }

  /** Deliveries under way that count. */
  private Map<String, Integer> counts() {
    var busy = new HashMap<String, Integer>();
    counted.forEach(
        (one, counts) -> {
          if (counts) {
            busy.merge(domain(one.attempt.recipient()), 1, Integer::sum);
          }
        });
    return busy;
  }

  private long begun() {
    return bench.log().stream().filter(line -> line.startsWith("starting delivery")).count();
  }
}
