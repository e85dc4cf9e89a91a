package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.net.ClientCounter;
import org.sluice.api.net.ClientLimits;
import org.sluice.testkit.Background;
import org.sluice.testkit.Logged;

/** Bundles that a listener asks for are away, come, and are replaced while clients are there. */
@Timeout(60)
class ExtensionsTest {
  private static final String HEADER = "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r";

  private final Harness harness = new Harness();
  private final CountedClients clients = harness.extensions.clients();
  private final Proxies proxies = harness.extensions.proxies();
  private final List<Client> held = new ArrayList<>();
  private ClientCounter counter;
  private LineProxy reader;

  /** Instead of those of the harness. */
  ExtensionsTest() {
    counted();
    read();
    harness.with(new Echo("a"));
  }

  @AfterEach
  void letGo() throws IOException {
    for (Client client : held) {
      client.close();
    }
    harness.close();
  }

  private void counted() {
    counted(new AddressCounter());
  }

  private void counted(ClientCounter next) {
    counter = next;
    clients.bind(next);
  }

  private void read() {
    reader = new LineProxy();
    proxies.bind(reader);
  }

  private Client client() throws IOException {
    var client = harness.client();
    held.add(client);
    return client;
  }

  private Client greeted() throws IOException {
    var client = client();
    assertEquals("hello", client.line());
    return client;
  }

  private void refused() throws IOException {
    var client = client();
    assertEquals("too many", client.line());
    assertNull(client.line());
  }

  private void leave(Client client) throws IOException {
    assertEquals("bye", client.ask("quit"));
    assertNull(client.line());
  }

  @Test
  void clientsWaitForWhoCounts() throws IOException {
    harness.perAddress = 1;
    clients.unbind(counter);
    harness.start();
    var first = client();
    var second = client();
    assertTrue(first.silent(300));
    counted();
    assertEquals("hello", first.line());
    assertEquals("too many", second.line());
  }

  @Test
  void andForWhoReadsHeaders() throws IOException {
    harness.proxies = "192.0.2.0/24";
    proxies.unbind(reader);
    harness.start();
    var client = client();
    assertTrue(client.silent(300), "though it is no proxy");
    read();
    assertEquals("hello", client.line());
  }

  @Test
  void whoIsNotAskedForMayBeAway() throws IOException {
    clients.unbind(counter);
    proxies.unbind(reader);
    harness.start();
    leave(greeted());
  }

  @Test
  void connectionsAreCountedByTheNext() throws IOException {
    harness.perAddress = 2;
    harness.start();
    var first = greeted();
    var second = greeted();
    refused();
    for (int i = 0; i < 3; i++) {
      clients.unbind(counter);
      assertEquals("a away", first.ask("away"));
      var waits = client();
      assertTrue(waits.silent(200));
      counted();
      assertEquals("too many", waits.line());
      assertEquals("a back", second.ask("back"));
    }
    clients.unbind(counter);
    leave(first); // nobody notes it
    counted();
    leave(second);
    Wait.until(
        () -> {
          var next = client();
          return "hello".equals(next.line()) && "hello".equals(client().line());
        });
    refused();
  }

  /** As the framework does it where there is another already. */
  @Test
  void oneIsReplacedByAnotherAtOnce() throws IOException {
    harness.perAddress = 1;
    harness.start();
    var first = greeted();
    var before = counter;
    counted();
    clients.unbind(before);
    refused();
    assertEquals("a x", first.ask("x"));
  }

  @Test
  void anotherConfigurationAsksForNobody() throws IOException {
    harness.perAddress = 1;
    harness.start();
    var first = greeted();
    clients.unbind(counter);
    var second = client();
    assertTrue(second.silent(200));
    harness.perAddress = 0;
    harness.change();
    assertEquals("hello", second.line());
    harness.perAddress = 2;
    harness.change();
    var third = client();
    assertTrue(third.silent(200));
    counted();
    assertEquals("too many", third.line());
    assertEquals("a x", first.ask("x"));
  }

  @Test
  void theOperatorIsToldOnce(@TempDir Path home) throws Exception {
    harness.home = home;
    harness.perAddress = 7;
    Path file = home.resolve("run/echo.waiting");
    String limits = "perAddressLimit = 7: the bundle org.sluice.tcp.limits is wanted; clients wait";
    var lines =
        Logged.during(
            () -> {
              harness.start();
              greeted();
              clients.unbind(counter);
              Wait.until(() -> Files.exists(file));
              assertTrue(client().silent(500));
            });
    assertEquals(1, lines.stream().filter(l -> l.contains("echo-1: " + limits)).count());
    assertEquals(limits + " for it\n", Files.readString(file));
    counted();
    Wait.until(() -> !Files.exists(file));
    proxies.unbind(reader);
    harness.proxies = "127.0.0.1";
    harness.name = "other";
    harness.change();
    Path other = home.resolve("run/other.waiting");
    Wait.until(() -> Files.exists(other));
    assertEquals(
        "proxies is set: the bundle org.sluice.tcp.proxy is wanted; clients wait for it\n",
        Files.readString(other));
    harness.close();
    assertFalse(Files.exists(other));
  }

  @Test
  void aShortAbsenceIsNotWorthAWord(@TempDir Path home) throws Exception {
    harness.home = home;
    harness.perAddress = 20;
    var lines =
        Logged.during(
            () -> {
              harness.start();
              for (int i = 0; i < 2; i++) {
                clients.unbind(counter);
                assertTrue(client().silent(600));
                counted();
                assertTrue(greeted().silent(300));
              }
            });
    assertTrue(lines.stream().noneMatch(l -> l.contains("wanted")), lines.toString());
  }

  @Test
  void aStopEndsTheWaiting() throws Exception {
    harness.perAddress = 1;
    harness.start();
    greeted();
    clients.unbind(counter);
    var waits = client();
    assertTrue(waits.silent(200));
    var stop = Background.run(harness::close);
    assertTrue(waits.atEnd()); // accepted or not
    stop.get(20, TimeUnit.SECONDS);
  }

  @Test
  void aHeaderUnderWayIsReadToItsEnd() throws Exception {
    harness.proxies = "127.0.0.1";
    harness.start();
    var first = client();
    var bytes = first.socket.getOutputStream();
    bytes.write(HEADER.substring(0, 10).getBytes());
    Wait.until(() -> harness.server.counts().contains("now=1"));
    assertTrue(first.silent(200));
    var gone = Background.run(() -> proxies.unbind(reader));
    while (proxies.await(Duration.ZERO)) {
      Thread.onSpinWait();
    }
    var second = client(); // kept for the next reader
    second.send(HEADER);
    assertTrue(second.silent(200));
    assertFalse(gone.isDone());
    first.send(HEADER.substring(10));
    assertEquals("hello", first.line());
    gone.get(20, TimeUnit.SECONDS);
    assertTrue(second.silent(200));
    read();
    assertEquals("hello", second.line());
    assertEquals("a x", first.ask("x"));
  }

  @Test
  void aHeaderThatDoesNotComeHoldsNobodyUp() throws Exception {
    harness.proxies = "127.0.0.1";
    harness.timeout = Duration.ofMillis(500);
    harness.start();
    var first = client();
    Wait.until(() -> harness.server.counts().contains("now=1"));
    assertTrue(first.silent(200));
    long start = System.nanoTime();
    proxies.unbind(reader);
    assertTrue(System.nanoTime() - start < TimeUnit.SECONDS.toNanos(7));
    assertNull(first.line());
  }

  /** Everything that may go wrong in it. */
  private static final class Bad implements ClientCounter, ClientCounter.Counts {
    private final ClientCounter.Counts counts;
    boolean opens = true;
    boolean works;

    Bad(ClientLimits limits) {
      counts = new AddressCounter().open(limits);
    }

    private ClientCounter.Counts counts() {
      if (!works) {
        throw new NoClassDefFoundError("org/example/Gone");
      }
      return counts;
    }

    @Override
    public Counts open(ClientLimits limits) {
      return opens ? this : null;
    }

    @Override
    public Optional<String> admit(InetAddress client) {
      return counts().admit(client);
    }

    @Override
    public void add(InetAddress client) {
      counts().add(client);
    }

    @Override
    public void remove(InetAddress client) {
      counts().remove(client);
    }

    @Override
    public void change(ClientLimits limits) {
      counts().change(limits);
    }
  }

  @Test
  void oneThatFailsTurnsClientsAwayAndIsNamedOnce() throws Exception {
    harness.perAddress = 3;
    var bad = new Bad(new ClientLimits(3, 0, 0, 0, 24, 48));
    var lines =
        Logged.during(
            () -> {
              harness.start();
              var first = greeted();
              counted(bad);
              refused();
              refused();
              leave(first);
              bad.works = true;
              Wait.until(() -> "hello".equals(client().line()));
              bad.works = false;
              harness.perAddress = 4;
              harness.change(); // counted anew
              bad.works = true;
              greeted();
            });
    // Once in a row, and it has worked in between.
    assertEquals(2, lines.stream().filter(l -> l.contains("unable to count clients")).count());
    assertEquals(2, lines.stream().filter(l -> l.contains("unable to count those from")).count());
    assertEquals(1, lines.stream().filter(l -> l.contains("cannot be changed")).count());
  }

  @Test
  void oneThatDoesNotOpenIsAsGoodAsAway() throws Exception {
    harness.perAddress = 1;
    var bad = new Bad(new ClientLimits(1, 0, 0, 0, 24, 48));
    bad.opens = false;
    harness.start();
    clients.unbind(counter);
    var lines = Logged.during(() -> counted(bad));
    assertEquals(1, lines.stream().filter(l -> l.contains("nobody counts clients")).count());
    var client = client();
    assertTrue(client.silent(200));
    counted();
    assertEquals("hello", client.line());
  }
}
