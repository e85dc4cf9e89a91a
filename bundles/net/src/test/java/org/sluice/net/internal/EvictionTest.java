package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EvictionTest {
  private static final int LEAST = 100;

  private long now;
  private final List<Client> clients = new ArrayList<>();
  private final List<String> gone = new ArrayList<>();

  private final class Client implements Eviction.Holder {
    private final String name;
    private final Progress progress = new Progress(() -> now);
    private long start;

    Client(String name) {
      this.name = name;
      progress.begin();
      start = progress.waits();
      clients.add(this);
    }

    /** Something came, and the server does something with it. */
    Client moved(int octets) {
      progress.moved(start, octets);
      return this;
    }

    void waits() {
      start = progress.waits();
    }

    @Override
    public Progress progress() {
      return progress;
    }

    @Override
    public void sendAway() {
      gone.add(name);
    }
  }

  private Eviction eviction(int limit, int least) {
    return new Eviction(limit, least, Duration.ofSeconds(10), () -> now);
  }

  private void silent(int count) {
    for (int i = 0; i < count; i++) {
      new Client("c" + i);
    }
  }

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private int looks(Eviction eviction, int count) {
    for (int i = 0; i < count; i++) {
      eviction.look(clients, true);
      pass(200);
    }
    return gone.size();
  }

  @Test
  void nobodyGoesWhileNobodyWaits() {
    silent(8);
    var eviction = eviction(8, LEAST);
    pass(60_000);
    eviction.look(clients, false);
    assertEquals(List.of(), gone);
    eviction.look(clients, true);
    assertEquals(1, gone.size());
  }

  @Test
  void nobodyGoesBeforeAWindowIsOver() {
    silent(1);
    var eviction = eviction(1, LEAST);
    pass(9_999);
    eviction.look(clients, true);
    assertEquals(List.of(), gone);
    pass(1);
    eviction.look(clients, true);
    assertEquals(List.of("c0"), gone);
    assertEquals(1, looks(eviction, 20), "once is enough");
  }

  @Test
  void theSlowestGoesFirstAndTheFastEnoughStay() {
    var enough = new Client("enough");
    var slow = new Client("slow");
    var slower = new Client("slower");
    silent(1);
    pass(10_000);
    enough.moved(1000).waits();
    slow.moved(999).waits();
    slower.moved(10).waits();
    looks(eviction(4, LEAST), 40);
    assertEquals(List.of("c0", "slower", "slow"), gone);
  }

  @Test
  void ofTwoEquallySlowThatWhichIsSilentForLonger() {
    var one = new Client("one");
    new Client("two");
    pass(1);
    one.moved(0).waits();
    pass(10_000);
    eviction(2, LEAST).look(clients, true);
    assertEquals(List.of("two"), gone);
  }

  @Test
  void whoWaitsForTheServerStays() {
    var client = new Client("client");
    pass(10_000);
    client.moved(10);
    var eviction = eviction(1, LEAST);
    looks(eviction, 1000);
    assertEquals(List.of(), gone);
    client.waits();
    eviction.look(clients, true);
    assertEquals(List.of("client"), gone);
  }

  @Test
  void aQuarterOfThePlacesInASecond() {
    silent(40);
    pass(10_000);
    var eviction = eviction(40, LEAST);
    assertEquals(10, looks(eviction, 5));
    assertEquals(20, looks(eviction, 5));
  }

  @Test
  void oneAtLeastInASecond() {
    silent(3);
    pass(10_000);
    var eviction = eviction(3, LEAST);
    assertEquals(1, looks(eviction, 5));
    assertEquals(2, looks(eviction, 5));
  }

  @Test
  void fewForOneNewcomerMoreForACrowd() {
    silent(400);
    pass(10_000);
    var eviction = eviction(400, LEAST);
    assertEquals(1, looks(eviction, 1));
    assertEquals(3, looks(eviction, 1));
    assertEquals(7, looks(eviction, 1));
    eviction.look(clients, false);
    pass(200);
    assertEquals(8, looks(eviction, 1));
  }

  @Test
  void nobodyIsSlowForNoRateAtAll() {
    silent(4);
    pass(60_000);
    looks(eviction(4, 0), 100);
    assertEquals(List.of(), gone);
  }
}
