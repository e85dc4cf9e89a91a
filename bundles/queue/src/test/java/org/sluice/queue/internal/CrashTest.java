package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.Transport;

/** Whatever is thrown, nothing stays leased for ever, no slot is lost, and mail goes on. */
class CrashTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  @TempDir Path home;
  private Bench bench;

  /** What deliveries of this channel come to. */
  private final AtomicReference<Transport> behaviour = new AtomicReference<>();

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(home.resolve("control"));
    Files.writeString(home.resolve("control/me"), "here.example\n");
    bench = new Bench(home);
    bench.scheduler.bindTransport(
        attempt -> behaviour.get().deliver(attempt), Map.of(Transport.CHANNEL, "local"));
    bench.settle();
  }

  @AfterEach
  void stop() throws IOException {
    bench.close();
  }

  private void deliver(Transport now) throws Exception {
    behaviour.set(now);
    bench.submit("", List.of("a@here.example", "b@here.example"), "Subject: x\n\nx\n");
    bench.settle();
  }

  private void reported(String... lines) {
    List<String> log = bench.log();
    List<String> reports =
        log.stream().filter(l -> l.startsWith("delivery ")).map(l -> l.substring(12)).toList();
    assertEquals(List.of(lines), reports);
    assertEquals("status: local 0/10 remote 0/20", lastStatus());
    assertEquals(0, bench.store.statistics().leased());
  }

  private String lastStatus() {
    List<String> log = bench.log().stream().filter(l -> l.startsWith("status: ")).toList();
    return log.get(log.size() - 1);
  }

  @Test
  void anErrorIsACrashOfThatDelivery() throws Exception {
    deliver(
        attempt -> {
          throw new StackOverflowError();
        });
    reported("deferral: qmail-local_crashed./", "deferral: qmail-local_crashed./");
    assertEquals(2, bench.store.statistics().recipients());
  }

  @Test
  void aReportWithoutATextCounts() throws Exception {
    deliver(attempt -> new DeliveryResult.Delivered(null));
    reported("success: ", "success: ");
    assertEquals(0, bench.store.statistics().messages());
  }

  @Test
  void aFailureWithoutATextIsAFailure() throws Exception {
    behaviour.set(attempt -> new DeliveryResult.PermFail(null));
    bench.submit("#@[]", List.of("a@here.example"), "Subject: x\n\nx\n");
    bench.settle();
    reported("failure: ");
    assertEquals(0, bench.store.statistics().messages(), "a triple bounce");
  }

  @Test
  void noReportIsADeferral() throws Exception {
    deliver(attempt -> null);
    reported("report mangled, will defer", "report mangled, will defer");
  }

  @Test
  void whatBreaksAnObserverDoesNotBreakTheDelivery() throws Exception {
    bench.queue.bindEvents(
        event -> {
          throw new OutOfMemoryError("for a test");
        });
    deliver(attempt -> new DeliveryResult.Delivered("ok"));
    reported("success: ok", "success: ok");
    assertEquals(0, bench.store.statistics().messages());
  }

  @Test
  void withoutThreadsMailWaitsForThem() throws Exception {
    bench.threadsMissing.set(1);
    deliver(attempt -> new DeliveryResult.Delivered("ok"));
    bench.await(LIMIT, () -> bench.store.statistics().messages() == 0);
    bench.settle();
    assertTrue(
        bench.log().stream().anyMatch(l -> l.endsWith("qmail-spawn_unable_to_fork._(#4.3.0)/")));
    assertEquals(2, bench.log().stream().filter(l -> l.endsWith(": success: ok")).count());
    assertEquals("status: local 0/10 remote 0/20", lastStatus());
  }

  @Test
  void withoutThreadsABounceWaitsForThem() throws Exception {
    behaviour.set(attempt -> new DeliveryResult.PermFail("no"));
    deliver(
        attempt -> {
          bench.threadsMissing.set(attempt.sender().address().isEmpty() ? 1 : 0);
          return new DeliveryResult.PermFail("no");
        });
    bench.await(LIMIT, () -> bench.log().stream().anyMatch(l -> l.startsWith("triple bounce")));
  }
}
