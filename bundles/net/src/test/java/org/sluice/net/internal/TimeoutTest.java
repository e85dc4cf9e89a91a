package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TimeoutTest {
  private final Harness harness = new Harness();

  @Test
  void readFailsAfterTheTimeout() throws Exception {
    harness.timeout = Duration.ofMillis(100);
    assertInstanceOf(SocketTimeoutException.class, outcome(c -> c.in().read()));
  }

  @Test
  void handlerSetsAnotherTimeout() throws Exception {
    assertInstanceOf(
        SocketTimeoutException.class,
        outcome(
            c -> {
              c.timeout(Duration.ofMillis(100));
              c.in().read();
            }));
  }

  @Test
  void writeToAClientThatTakesNothingFails() throws Exception {
    harness.timeout = Duration.ofMillis(300);
    assertInstanceOf(
        SocketTimeoutException.class,
        outcome(
            c -> {
              var block = new byte[1 << 20];
              for (int i = 0; i < 1000; i++) {
                c.out().write(block);
              }
            }));
  }

  @Test
  void aTimeoutClosesTheConnection() throws IOException {
    harness.timeout = Duration.ofMillis(100);
    try (var running = harness.with(new Echo("a")).start();
        var client = running.client()) {
      assertEquals("hello", client.line());
      assertNull(client.line());
    }
  }

  /** What the handler throws while its client does nothing. */
  private Throwable outcome(org.sluice.api.net.ConnectionHandler handler) throws Exception {
    var thrown = new CompletableFuture<Throwable>();
    harness.with(
        connection -> {
          try {
            handler.handle(connection);
            thrown.complete(null);
          } catch (IOException e) {
            thrown.complete(e);
          }
        });
    try (var running = harness.start();
        var client = running.client()) {
      var outcome = thrown.get(20, TimeUnit.SECONDS);
      assertFalse(client.socket.isClosed());
      return outcome;
    }
  }
}
