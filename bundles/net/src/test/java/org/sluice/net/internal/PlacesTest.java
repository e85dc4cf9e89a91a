package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sluice.testkit.Background;

/** Who loses a place when all are taken. */
@Timeout(60)
class PlacesTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private final Harness harness = new Harness();
  private final List<Client> held = new ArrayList<>();

  PlacesTest() {
    harness.window = SHORT;
  }

  @AfterEach
  void letGo() throws IOException {
    for (Client client : held) {
      client.close();
    }
    harness.close();
  }

  private Client hold() throws IOException {
    var client = harness.client();
    held.add(client);
    return client;
  }

  private Client greeted() throws IOException {
    var client = hold();
    assertEquals("hello", client.line());
    return client;
  }

  @Test
  void slowClientsMakeRoom() throws Exception {
    harness.limit = 3;
    harness.with(new Echo("a")).start();
    var silent = greeted();
    var dripping = greeted();
    var halfALine = greeted();
    halfALine.socket.getOutputStream().write('x');
    var enough = new CountDownLatch(1);
    var drips =
        Background.run(
            () -> {
              try {
                while (!enough.await(50, TimeUnit.MILLISECONDS)) {
                  dripping.socket.getOutputStream().write('x');
                }
              } catch (IOException | InterruptedException e) {
                // Sent away.
              }
            });
    for (int i = 0; i < 3; i++) {
      assertEquals("a served", greeted().ask("served"));
    }
    assertEquals("421", silent.line());
    assertEquals("421", halfALine.line());
    enough.countDown();
    drips.get(10, TimeUnit.SECONDS);
  }

  @Test
  void nobodyGoesWhileNobodyWaits() throws Exception {
    harness.limit = 3;
    harness.with(new Echo("a")).start();
    List<Client> idle = List.of(greeted(), greeted(), greeted());
    assertTrue(idle.get(0).silent(4 * (int) SHORT.toMillis()));
    for (Client client : idle) {
      assertEquals("a here", client.ask("here"));
    }
  }

  @Test
  void whoWaitsForTheServerKeepsItsPlace() throws Exception {
    harness.limit = 2;
    var busy = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    harness.with(
        connection -> {
          Echo.say(connection, "hello");
          String line = Echo.line(connection);
          if ("work".equals(line)) {
            busy.countDown();
            done.await(40, TimeUnit.SECONDS);
            Echo.say(connection, connection.draining() ? "told to go" : "worked");
          }
        });
    harness.start();
    var patient = greeted();
    assertTrue(patient.silent(2 * (int) SHORT.toMillis())); // it is slow already
    patient.send("work");
    assertTrue(busy.await(20, TimeUnit.SECONDS));
    for (int i = 0; i < 3; i++) {
      greeted(); // silent: each makes room for the next
    }
    done.countDown();
    assertEquals("worked", patient.line());
  }

  @Test
  void whoTakesNothingLosesItsPlace() throws Exception {
    harness.limit = 1;
    var thrown = new CompletableFuture<Exception>();
    harness.with(
        connection -> {
          Echo.say(connection, "hello");
          if (thrown.isDone()) {
            return;
          }
          try {
            for (int i = 0; i < 1000; i++) {
              connection.out().write(new byte[1 << 20]);
            }
          } catch (IOException e) {
            thrown.complete(e);
          }
        });
    harness.start();
    greeted();
    greeted();
    assertTrue(thrown.isDone());
  }

  /** What the server goes on with is not disturbed, and what it says then is sent. */
  @Test
  void whoIsSentAwayWhileTheServerBeginsIsNotCut() throws Exception {
    harness.limit = 1;
    var told = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    harness.with(
        connection -> {
          Echo.say(connection, "hello");
          if (connection.in().read() < 0 && told.getCount() > 0) {
            told.countDown();
            done.await(40, TimeUnit.SECONDS);
            Echo.say(connection, "committed");
          }
        });
    harness.start();
    var first = greeted();
    var second = hold();
    assertTrue(told.await(20, TimeUnit.SECONDS));
    assertTrue(second.silent(3 * (int) Watchdog.PERIOD.toMillis()));
    done.countDown();
    assertEquals("committed", first.line());
    assertEquals("hello", second.line());
  }

  @Test
  void aRateOfNoneKeepsEverybody() throws Exception {
    harness.limit = 1;
    harness.leastRate = 0;
    harness.with(new Echo("a")).start();
    var first = greeted();
    assertTrue(hold().silent(4 * (int) SHORT.toMillis()));
    assertEquals("a here", first.ask("here"));
  }

  @Test
  void whoIsNotServedYetKeepsItsPlaceIfNobodyWaits() throws Exception {
    harness.limit = 1;
    harness.proxies = "127.0.0.1";
    harness.with(new Echo("a")).start();
    var first = hold();
    // The header of the PROXY protocol has its own limit.
    assertTrue(first.silent(4 * (int) SHORT.toMillis()));
    first.send("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r");
    assertEquals("hello", first.line());
  }

  /** Not seen from outside: this header has a limit that is less than the window of use. */
  @Test
  void whoOwesTheHeaderOfAProxyIsJudged() throws Exception {
    harness.proxies = "127.0.0.1";
    harness.with(new Echo("a")).start();
    try (var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var client = new Client(listening.getLocalPort());
        var accepted = listening.accept()) {
      var session = new Session("echo-1", accepted, harness.timeout);
      var released = new CompletableFuture<Void>();
      var task =
          new SessionTask(
              session, harness.listener(), address -> true, () -> released.complete(null));
      Background.run(task);
      Wait.until(() -> session.progress().rate(System.nanoTime(), 1) == 0);
      assertFalse(client.socket.isClosed());
      session.sendAway();
      released.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void oneThatIsOverItsShareDoesNotWait() throws Exception {
    harness.limit = 1;
    harness.perAddress = 1;
    harness.with(new Echo("a")).start();
    var first = greeted();
    var second = hold();
    assertEquals("too many", second.line());
    assertNull(second.line());
    assertEquals("a here", first.ask("here"));
  }

  /** Even if no place becomes free. */
  @Test
  void aStopClosesWhoWaits() throws Exception {
    harness.limit = 1;
    var done = new CompletableFuture<Void>();
    harness.with(
        connection -> {
          Echo.say(connection, "hello");
          done.join(); // no interrupt ends that
        });
    harness.start();
    greeted();
    var waiting = hold();
    assertTrue(waiting.silent(200));
    var stop = Background.run(harness::close);
    try {
      assertNull(waiting.line());
    } finally {
      done.complete(null);
    }
    stop.get(20, TimeUnit.SECONDS);
  }
}
