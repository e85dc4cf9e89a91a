package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.Destinations;
import org.sluice.api.delivery.Router;
import org.sluice.api.queue.QueueException;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueuedRecipient;
import org.sluice.testkit.Background;
import org.sluice.testkit.FakeControl;

/** Third-party routing before the control files. */
class RoutersTest {
  private final QueueService queue =
      new QueueService(java.time.Clock.systemUTC(), new DeliveryLog(line -> {}), System::nanoTime);

  RoutersTest() {
    queue.bindControl(
        new FakeControl(Path.of("/"), Map.of("me", "me.example", "locals", "here.example")));
  }

  private static Router to(String address) {
    return recipient ->
        recipient.endsWith("@cloud.example")
            ? Optional.of(new QueuedRecipient(Channel.LOCAL, address))
            : Optional.empty();
  }

  private static Map<String, Object> ranked(int ranking, long id) {
    return Map.of("service.ranking", ranking, "service.id", id);
  }

  @Test
  void theBestIsAskedFirstAndTheControlFilesLast() throws Exception {
    Router low = to("low@x");
    Router high = to("high@x");
    queue.bindRouter(low, ranked(0, 1));
    queue.bindRouter(high, ranked(5, 2));
    assertEquals("high@x", queue.rewrite("u@cloud.example").address());
    assertEquals(Channel.LOCAL, queue.rewrite("u@here.example").channel());
    assertEquals(Channel.REMOTE, queue.rewrite("u@there.example").channel());
    queue.unbindRouter(high);
    assertEquals("low@x", queue.rewrite("u@cloud.example").address());
    queue.unbindRouter(low);
    assertEquals(Channel.REMOTE, queue.rewrite("u@cloud.example").channel());
  }

  /** Whoever asks beforehand is told what a submission would be. */
  @Test
  void destinationsAreThoseOfSubmissions() throws Exception {
    queue.bindRouter(to("low@x"), ranked(0, 1));
    Destinations destinations = queue;
    assertEquals("low@x", destinations.find("u@cloud.example").address());
    assertEquals(Channel.LOCAL, destinations.find("u@here.example").channel());
    assertEquals("u@me.example", destinations.find("u").address());
    queue.bindRouter(
        recipient -> {
          throw new IOException("later");
        },
        ranked(9, 2));
    assertThrows(IOException.class, () -> destinations.find("u@here.example"));
  }

  @Test
  void aRouterThatFailsRefusesForTheMoment() {
    for (Router router :
        List.<Router>of(
            recipient -> {
              throw new IOException("database away");
            },
            recipient -> {
              throw new IllegalStateException("bug");
            })) {
      queue.bindRouter(router, ranked(0, 1));
      var refused = assertThrows(QueueException.class, () -> queue.rewrite("u@x"));
      assertEquals(55, refused.exitCode());
      queue.unbindRouter(router);
    }
  }

  @Test
  void whoLeavesIsWaitedFor() throws Exception {
    var inside = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    Router router =
        recipient -> {
          if (!recipient.startsWith("slow")) {
            return Optional.of(new QueuedRecipient(Channel.REMOTE, recipient));
          }
          inside.countDown();
          try {
            assertTrue(goOn.await(20, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return Optional.of(new QueuedRecipient(Channel.REMOTE, recipient));
        };
    queue.bindRouter(router, ranked(0, 1));
    var answer =
        Background.supply(
            () -> {
              try {
                return queue.rewrite("slow@here.example").channel();
              } catch (QueueException e) {
                throw new AssertionError(e);
              }
            });
    assertTrue(inside.await(20, TimeUnit.SECONDS));
    var gone = Background.run(() -> queue.unbindRouter(router));
    while (queue.rewrite("u@here.example").channel() != Channel.LOCAL) {
      Thread.onSpinWait();
    }
    assertFalse(gone.isDone());
    goOn.countDown();
    gone.get(20, TimeUnit.SECONDS);
    assertEquals(Channel.REMOTE, answer.get(20, TimeUnit.SECONDS));
  }
}
