package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.control.Control;
import org.sluice.api.delivery.DeliveryResult;

/** Odd values of control files, and files that cannot be read any more. */
class ControlTroubleTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  @TempDir Path home;
  private Bench bench;

  private void start(String lifetime) throws Exception {
    Files.createDirectories(home.resolve("control"));
    Files.writeString(home.resolve("control/me"), "here.example\n");
    Files.writeString(home.resolve("control/queuelifetime"), lifetime + "\n");
    bench = new Bench(home);
    bench.settle();
  }

  @AfterEach
  void stop() throws IOException {
    bench.failing.clear();
    bench.close();
  }

  private void submit(String to) throws Exception {
    bench.submit("a@b.example", List.of(to), "Subject: x\n\nx\n");
  }

  private void deferred() throws Exception {
    bench.await(LIMIT, () -> bench.open().size() == 1);
    bench.open().get(0).answer(new DeliveryResult.TempFail("later"));
    bench.settle();
  }

  private long count(String part) {
    return bench.log().stream().filter(line -> line.contains(part)).count();
  }

  private static Control unreadable() {
    return (Control)
        Proxy.newProxyInstance(
            ControlTroubleTest.class.getClassLoader(),
            new Class<?>[] {Control.class},
            (self, method, arguments) -> {
              throw new IOException("Permission denied");
            });
  }

  @Test
  void theLifetimeIsOfWholeSeconds() throws Exception {
    start("0");
    submit("u@here.example");
    bench.advance(Duration.ofMillis(999));
    bench.connect();
    deferred();
    assertEquals(1, count(": deferral: later"));
    bench.advance(Duration.ofMillis(1));
    bench.flush.want();
    deferred();
    assertEquals(1, count(": failure: laterI'm_not_going_to_try_again"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999999999999", "99999999999999999999"})
  void aLifetimeBeyondAllInstantsIsALongOne(String lifetime) throws Exception {
    start(lifetime);
    bench.connect();
    submit("u@here.example");
    deferred();
    assertEquals(1, count(": deferral: later"));
  }

  @Test
  void whatCannotBeReadStaysAsItWas() throws Exception {
    start("0");
    submit("u@here.example");
    submit("u@far.example");
    bench.queue.bindControl(unreadable());
    bench.advance(Duration.ofSeconds(1));
    bench.connect();
    bench.await(LIMIT, () -> bench.open().size() == 2);
    bench.open().forEach(open -> open.answer(new DeliveryResult.TempFail("later")));
    bench.await(LIMIT, () -> count(": failure: laterI'm_not_going_to_try_again") == 2);
  }

  @Test
  void troubleOfOneChannelIsNoneOfTheOther() throws Exception {
    start("1000");
    bench.failing.add("lease LOCAL");
    bench.connect();
    submit("u@here.example");
    submit("u@far.example");
    bench.await(LIMIT, () -> bench.open().size() == 1);
    assertEquals("u@far.example", bench.open().get(0).attempt.recipient());
    bench.failing.clear();
    bench.await(LIMIT, () -> bench.open().size() == 2);
  }
}
