package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.store.Channel;

/** Bounces that cannot be handed in, or whose end cannot be written down. */
class BounceTroubleTest extends BenchTest {

  private long count(String part) {
    return bench.log().stream().filter(line -> line.contains(part)).count();
  }

  /** A message that has failed and whose bounce could not be handed in. */
  private void trouble() throws Exception {
    bench.submit("a@b.example", List.of("u@here.example"), "Subject: x\n\nx\n");
    bench.await(LIMIT, () -> bench.open().size() == 1);
    bench.failing.add("commit");
    bench.open().get(0).answer(new DeliveryResult.PermFail("no"));
    bench.await(LIMIT, () -> count("warning: trouble injecting bounce message") == 1);
    bench.settle();
    bench.failing.clear();
  }

  @Test
  void itIsTriedAgainAfter123Seconds() throws Exception {
    trouble();
    var due = bench.store.nextDue(Channel.BOUNCE).orElseThrow();
    assertEquals(Duration.ofSeconds(123), Duration.between(bench.clock.instant(), due));
    assertEquals(0, bench.store.statistics().leased());
    bench.advance(Duration.ofSeconds(123));
    bench.queue.bindStore(bench.store); // wakes it
    bench.await(LIMIT, () -> count("bounce msg ") == 1 && count("end msg ") == 1);
  }

  @Test
  void aFlushMakesItDue() throws Exception {
    trouble();
    bench.flush.want();
    bench.await(LIMIT, () -> count("bounce msg ") == 1 && count("end msg ") == 1);
  }

  @Test
  void whatIsSentIsWrittenDownAndNotSentTwice() throws Exception {
    trouble();
    bench.failing.add("settle");
    bench.flush.want();
    bench.await(LIMIT, () -> count("bounce msg ") == 1);
    bench.settle(); // it insists now
    bench.failing.clear();
    bench.await(LIMIT, () -> count("end msg ") == 1 && bench.open().size() == 1);
    assertEquals(1, count("bounce msg "));
    assertEquals(1, bench.store.statistics().messages());
  }
}
