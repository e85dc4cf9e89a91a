package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.api.store.Channel;
import org.sluice.api.store.StoreStatistics;

/** The store is replaced while mail is delivered: nothing is lost, nothing is done twice. */
class StoreLeavesTest extends BenchTest {

  @Override
  void prepare() throws IOException {
    control("concurrencylocal", "1\n");
  }

  private void submit(String... to) throws Exception {
    bench.submit("a@b.example", List.of(to), "Subject: x\n\nx\n");
    bench.await(LIMIT, () -> bench.open().size() == 1);
  }

  /** Returns when the store is hidden; completes with what is in it when it may be closed. */
  private CompletableFuture<StoreStatistics> leave() throws Exception {
    var left =
        CompletableFuture.supplyAsync(
            () -> {
              bench.queue.unbindStore(bench.store);
              return bench.store.statistics();
            });
    bench.await(LIMIT, () -> bench.queue.store() == null);
    return left;
  }

  private long count(String part) {
    return bench.log().stream().filter(line -> line.contains(part)).count();
  }

  @Test
  void whatIsDeliveredIsWrittenDownFirstAndTheRestIsGivenBack() throws Exception {
    submit("a@here.example", "b@here.example", "c@here.example");
    var left = leave();
    var refusal = assertThrows(QueueException.class, () -> bench.queue.open(Origin.NETWORK));
    assertEquals(ExitCode.QUEUE, refusal.exitCode());
    bench.open().get(0).answer(new DeliveryResult.Delivered("ok"));
    StoreStatistics then = left.get();
    assertEquals(2, then.recipients());
    assertEquals(0, then.leased());
    assertEquals(1, count("starting delivery"));
    assertTrue(
        bench.store.nextDue(Channel.LOCAL).orElseThrow().compareTo(bench.clock.instant()) <= 0);
    bench.queue.bindStore(bench.store);
    for (int i = 0; i < 2; i++) {
      bench.await(LIMIT, () -> bench.open().size() == 1);
      bench.open().get(0).answer(new DeliveryResult.Delivered("ok"));
    }
    bench.await(LIMIT, () -> count("end msg") == 1);
    assertEquals(3, count("starting delivery"));
  }

  @Test
  void anOldMessageDoesNotBounceForIt() throws Exception {
    submit("a@here.example");
    bench.open().get(0).answer(new DeliveryResult.TempFail("later"));
    bench.settle();
    bench.advance(Duration.ofDays(8));
    bench.queue.bindStore(bench.store); // wakes it
    bench.await(LIMIT, () -> bench.open().size() == 1);
    var left = leave();
    bench.open().get(0).answer(new DeliveryResult.TempFail("unable to forward"));
    assertEquals(1, left.get().recipients());
    assertEquals(2, count(": deferral:"));
  }

  @Test
  void whatDoesNotEndInTimeIsInterrupted() throws Exception {
    bench.scheduler.drain(Duration.ZERO);
    submit("a@here.example");
    var left = leave();
    assertEquals(0, left.get().leased());
    assertEquals(1, count("deferral: delivery_interrupted"));
  }

  @Test
  void aBounceUnderWayIsPutOff() throws Exception {
    submit("a@here.example");
    bench.failing.add("commit");
    bench.open().get(0).answer(new DeliveryResult.PermFail("no"));
    bench.await(LIMIT, () -> count("trouble injecting") == 1);
    assertEquals(0, leave().get().leased());
  }
}
