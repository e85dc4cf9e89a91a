package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.QueueException;
import org.sluice.testkit.Logged;

/** A store that cannot write: disk full, failed force. */
class TroubleTest extends BenchTest {
  private static final String MESSAGE = "Subject: x\n\nx\n";

  private void submit(String to) throws IOException {
    bench.submit("a@b.example", List.of(to), MESSAGE);
  }

  @Test
  void whoCannotBeWrittenDownGetsStatus53() throws Exception {
    bench.failing.add("commit");
    var refusal = assertThrows(QueueException.class, () -> submit("u@here.example"));
    assertEquals(ExitCode.WRITE, refusal.exitCode());
    assertEquals(53, ExitCode.WRITE);
    bench.failing.clear();
    submit("u@here.example");
    bench.settle();
    assertEquals(1, bench.open().size());
  }

  @Test
  void theOperatorIsToldOnceAMinuteThatMailIsRefused() throws Exception {
    bench.failing.add("commit");
    assertEquals(1, refusals(3));
    bench.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    assertEquals(1, refusals(2));
  }

  /** The lines of the log about that while so many messages are refused. */
  private long refusals(int messages) throws Exception {
    return Logged.during(
            () -> {
              for (int i = 0; i < messages; i++) {
                assertThrows(QueueException.class, () -> submit("u@here.example"));
              }
            })
        .stream()
        .filter(line -> line.contains(" WARN ") && line.contains(" - mail is refused: "))
        .count();
  }

  @Test
  void noDeliveryBeginsWhileAnOutcomeIsUnwritten() throws Exception {
    submit("first@here.example");
    bench.settle();
    bench.failing.add("settle");
    bench.open().get(0).answer(new DeliveryResult.Delivered("ok\n"));
    bench.settle();
    submit("second@here.example");
    bench.settle();
    assertEquals(List.of(), bench.open());
    assertEquals(2, bench.store.statistics().messages());
    bench.failing.clear();
    bench.await(Duration.ofSeconds(30), () -> bench.open().size() == 1);
    assertEquals("second@here.example", bench.open().get(0).attempt.recipient());
    assertEquals(1, bench.store.statistics().messages());
  }

  @Test
  void aLostLeaseHoldsNobodyUp() throws Exception {
    submit("first@here.example");
    bench.settle();
    bench.failing.addAll(List.of("settle", "extend"));
    bench.open().get(0).answer(new DeliveryResult.Delivered("ok\n"));
    bench.settle();
    submit("second@here.example");
    bench.await(Duration.ofSeconds(30), () -> bench.open().size() == 1);
    assertEquals("second@here.example", bench.open().get(0).attempt.recipient());
  }
}
