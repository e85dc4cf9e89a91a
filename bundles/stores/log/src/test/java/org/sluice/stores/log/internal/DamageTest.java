package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueAction;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.testkit.Mail;

/** Bits that flip on the medium: what they hit is told and passed over, all else stays. */
class DamageTest {
  private static final int BIG = 9000; // above the limit: a file of its own
  private MemoryDisk disk = new MemoryDisk();

  private static LogStore open(MemoryDisk disk) throws IOException {
    return new LogStore(disk, LogStoreTest.SMALL, Clock.systemUTC());
  }

  /** The numbers and addresses of what is queued. */
  private static TreeMap<Long, String> look(LogStore store) {
    var found = new TreeMap<Long, String>();
    try (var all = store.browse()) {
      all.forEach(e -> found.put(e.id().value(), e.record().recipients().get(0).address()));
    }
    return found;
  }

  private static int find(byte[] octets, String text) {
    return new String(octets, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(text);
  }

  private String segmentWith(String text) {
    return disk.list("").stream()
        .filter(name -> find(disk.contents(name), text) > 0)
        .findFirst()
        .orElseThrow();
  }

  private void fill(int messages, int size) throws IOException {
    try (var store = open(disk)) {
      for (int i = 0; i < messages; i++) {
        Mail.commit(store, Mail.body(i, size), Mail.to("user" + i + "@l"));
      }
    }
  }

  private void flip(String text) {
    String name = segmentWith(text);
    disk.flip(name, find(disk.contents(name), text), 1);
  }

  @Test
  void whatIsDamagedWhileTheServerRunsIsToldOfWhenBrowsed() throws IOException {
    fill(3, 30);
    try (var store = open(disk)) {
      String name = segmentWith("user1@l");
      disk.flip(name, find(disk.contents(name), "user1@l") - 4, 0x40); // the length before it
      assertEquals("{1=user0@l, 3=user2@l}", look(store).toString());
      var said = new ArrayList<String>();
      try (var all = store.browse((id, e) -> said.add("broken " + id))) {
        all.forEach(entry -> said.add("whole " + entry.id()));
      }
      assertEquals(List.of("whole 1", "broken 2", "whole 3"), said);
    }
  }

  @Test
  void anyOctetOfTheRecordsCostsAtMostItsOwnRecord() throws IOException {
    fill(6, 30);
    String name = segmentWith("user0@l");
    byte[] octets = disk.contents(name);
    int end = find(octets, "user5@l");
    for (int at = SegmentHeader.SIZE; at < end; at++) {
      MemoryDisk damaged = disk.copy();
      damaged.flip(name, at, 1 << (at & 7));
      TreeMap<Long, String> first;
      try (var store = open(damaged)) {
        first = look(store);
        assertEquals(5, first.size(), "octet " + at + ": " + first);
        assertEquals(1, store.damagedPlaces(), "octet " + at);
        for (long id : first.keySet()) {
          assertArrayEquals(Mail.body((int) id - 1, 30), Mail.read(store, new QueueId(id)));
        }
        assertTrue(Mail.commit(store, Mail.body(9, 30), Mail.to("new@l")).value() > 6);
      }
      try (var store = open(damaged)) { // the segment is not the last one any more
        assertEquals(1, store.damagedPlaces(), "octet " + at);
        var second = look(store);
        second.values().remove("new@l");
        assertEquals(first, second, "octet " + at);
      }
    }
  }

  @Test
  void afterAKillTheSameIsTrueOfAllThatSomethingWasForcedBehind() throws IOException {
    try (var store = open(disk)) {
      for (int i = 0; i < 4; i++) {
        Mail.commit(store, Mail.body(i, 30), Mail.to("user" + i + "@l"));
      }
      disk = disk.copy();
    }
    MemoryDisk last = disk.copy();
    flip("user1@l");
    try (var store = open(disk)) {
      assertEquals(List.of("user0@l", "user2@l", "user3@l"), List.copyOf(look(store).values()));
      assertEquals(1, store.damagedPlaces());
    }
    disk = last; // nothing tells the last one from one that was cut off
    flip("user3@l");
    try (var store = open(disk)) {
      assertEquals(3, look(store).size());
      assertEquals(0, store.damagedPlaces());
    }
  }

  @Test
  void inAQuietTimeTheLastRecordIsProtectedToo() throws IOException {
    try (var store = open(disk)) {
      Mail.commit(store, Mail.body(1, 30), Mail.to("user0@l"));
      store.maintain();
      store.maintain();
      disk = disk.copy();
      int end = disk.writes.size();
      store.maintain();
      assertEquals(end, disk.writes.size(), "said once");
    }
    flip("user0@l");
    try (var store = open(disk)) {
      assertEquals(1, store.damagedPlaces());
    }
  }

  @Test
  void bodiesAreKeptWhileThereIsDamage() throws IOException {
    fill(3, BIG);
    flip("user1@l");
    for (int i = 0; i < 2; i++) {
      try (var store = open(disk)) {
        assertEquals(2, look(store).size());
        assertEquals(3, disk.list(Stage.DIRECTORY).size());
      }
    }
  }

  @Test
  void aDamagedOutcomeMeansASecondDeliveryOfOneMessage() throws IOException {
    try (var store = open(disk)) {
      for (int i = 0; i < 4; i++) {
        Mail.commit(store, Mail.body(i, 30), Mail.to("user" + i + "@l", "other" + i + "@l"));
      }
      for (var lease : Mail.lease(store, Channel.LOCAL)) {
        var failed = RecipientOutcome.failed(0, "report" + lease.id().value());
        store.settle(lease, List.of(failed, RecipientOutcome.done(1)), Optional.of(Mail.FAR));
      }
    }
    flip("report2");
    try (var store = open(disk)) {
      assertEquals(1, store.damagedPlaces());
      var again = Mail.lease(store, Channel.LOCAL);
      assertEquals(1, again.size());
      assertEquals(2, again.get(0).id().value());
      assertEquals(3, Mail.lease(store, Channel.BOUNCE).size());
    }
  }

  @Test
  void outcomesOfALostMessageTouchNoOther() throws IOException {
    try (var store = open(disk)) {
      Mail.commit(store, Mail.body(1, 30), Mail.to("user0@l"));
      Mail.commit(store, Mail.body(1, 30), Mail.to("user1@l"));
      var lease = Mail.lease(store, Channel.LOCAL).get(1);
      store.settle(lease, List.of(RecipientOutcome.done(0)), Optional.of(Mail.FAR));
    }
    flip("user1@l");
    for (int i = 0; i < 2; i++) {
      try (var store = open(disk)) {
        assertEquals("user0@l", String.join(" ", look(store).values()));
      }
    }
  }

  @Test
  void aHeaderIsThereTwice() throws IOException {
    fill(3, 30);
    String name = segmentWith("user0@l");
    for (int at = 0; at < SegmentHeader.SIZE; at++) {
      MemoryDisk damaged = disk.copy();
      damaged.flip(name, at, 1 << (at & 7));
      try (var store = open(damaged)) {
        assertEquals(3, look(store).size(), "octet " + at);
      }
    }
  }

  @Test
  void aFileWhoseHeaderIsGoneIsKeptAside() throws IOException {
    fill(3, BIG);
    try (var store = open(disk)) {
      Mail.commit(store, Mail.body(1, 30), Mail.to("second@l"));
    }
    for (String lost : List.of("user0@l", "second@l")) {
      for (boolean wiped : new boolean[] {false, true}) {
        aside(disk.copy(), segmentWith(lost), lost, wiped);
      }
    }
  }

  private void aside(MemoryDisk damaged, String name, String lost, boolean wiped)
      throws IOException {
    byte[] before = damaged.contents(name);
    boolean oldest = lost.equals("user0@l");
    if (wiped && oldest) {
      return; // nothing tells it from one that was voided
    }
    for (int at = 0; at < SegmentHeader.SIZE; at++) {
      int flip = wiped ? before[at] : at % 2048 == 20 ? 1 : 0;
      before[at] ^= (byte) flip;
      damaged.flip(name, at, flip);
    }
    for (int i = 0; i < 3; i++) {
      try (var store = open(damaged)) {
        var found = look(store);
        found.values().remove("new@l");
        assertEquals(oldest ? 1 : 3, found.size(), name + found);
        assertEquals(1, store.damagedPlaces(), lost + " wiped " + wiped + " start " + i);
        for (int k = 0; k < 30; k++) {
          var id = Mail.commit(store, Mail.body(1, 3000), Mail.to("new@l"));
          assertTrue(id.value() > 4, "no number is given out twice: " + id);
          store.apply(id, QueueAction.REMOVE);
          store.maintain();
        }
        assertArrayEquals(before, damaged.contents(name + Segments.ASIDE));
        assertEquals(3, damaged.list(Stage.DIRECTORY).size());
      }
    }
  }

  @Test
  void theOnlySegmentIsNotTakenForABlankOne() throws IOException {
    fill(3, 30);
    String name = segmentWith("user0@l");
    byte[] octets = disk.contents(name);
    for (int at = 0; at < SegmentHeader.SIZE; at++) {
      disk.flip(name, at, octets[at]);
    }
    try (var store = open(disk)) {
      assertEquals(1, store.damagedPlaces());
      assertTrue(find(disk.contents(name + Segments.ASIDE), "user0@l") > 0);
    }
  }

  @Test
  void damageIsNotCopiedForward() throws IOException {
    try (var store = open(disk)) {
      for (int i = 0; i < 3; i++) {
        Mail.commit(store, Mail.body(i, 30), Mail.to("user" + i + "@l"));
      }
      String name = segmentWith("user0@l");
      flip("user1@l");
      for (int i = 0; i < 30; i++) {
        store.apply(Mail.commit(store, Mail.body(i, 3000), Mail.to("z")), QueueAction.REMOVE);
        store.maintain();
      }
      assertTrue(disk.list("").contains(name), "what is damaged stays");
      for (String moved : List.of("user0@l", "user2@l")) {
        long copies = disk.list("").stream().filter(n -> find(disk.contents(n), moved) > 0).count();
        assertEquals(2, copies, moved);
      }
    }
    try (var store = open(disk)) {
      assertEquals(List.of("user0@l", "user2@l"), List.copyOf(look(store).values()));
      assertEquals(1, store.damagedPlaces());
    }
  }

  @Test
  void damageBringsNothingBackFromAnEarlierUse() throws IOException {
    for (int round = 0; round < 6; round++) {
      try (var store = open(disk)) {
        for (int i = 0; i < 25; i++) {
          store.apply(Mail.commit(store, Mail.body(i, 2900), Mail.to("old@l")), QueueAction.REMOVE);
          store.maintain();
        }
        for (int i = 0; i < 3; i++) {
          Mail.commit(store, Mail.body(i, 30), Mail.to("r" + round + "user" + i + "@l"));
        }
      }
      String name = segmentWith("r" + round + "user1@l");
      int at = find(disk.contents(name), "r" + round + "user1@l") - 60 - Frame.SIZE;
      for (int i = 0; i < Frame.SIZE; i++) {
        disk.flip(name, at + i, 255);
      }
      try (var store = open(disk)) {
        assertEquals(2L * (round + 1), look(store).size(), round + ": " + look(store));
        assertTrue(look(store).values().stream().noneMatch("old@l"::equals));
      }
    }
  }

  @Test
  void aBodyCannotForgeRecordsBehindADamagedHead() throws IOException {
    var forged = ByteBuffer.allocate(5000);
    for (int generation = 1; generation < 100; generation++) {
      Rec remove = Operator.remove(1);
      Frame.put(forged, remove, generation, 5000);
      forged.put(remove.payload());
    }
    fill(2, 30);
    try (var store = open(disk)) {
      Mail.commit(store, forged.array(), Mail.to("forger@l"));
      Mail.commit(store, Mail.body(1, 30), Mail.to("last@l"));
    }
    String name = segmentWith("forger@l");
    disk.flip(name, SegmentHeader.SIZE, 1);
    try (var store = open(disk)) {
      assertEquals(List.of("user0@l", "user1@l", "last@l"), List.copyOf(look(store).values()));
    }
  }

  @Test
  void powerCutsAfterDamageLoseNothingMore() throws IOException {
    fill(3, BIG);
    fill(8, 900);
    flip("user1@l");
    List<Integer> sizes = new ArrayList<>();
    try (var store = open(disk.copy())) {
      look(store).forEach((id, to) -> sizes.add(to.length()));
    }
    assertEquals(10, sizes.size());
    for (int cut = 1; cut < 40; cut++) {
      var damaged = disk.copy();
      damaged.cutAt = cut;
      try (var store = open(damaged)) {
        store.maintain();
        Mail.commit(store, Mail.body(1, 30), Mail.to("new@l"));
        store.maintain();
      } catch (IOException e) {
        assertTrue(damaged.isCut(), "cut " + cut + ": " + e);
      }
      for (int seed = 0; seed < 5; seed++) {
        try (var store = open(damaged.afterCut(MemoryDisk.random(cut * 31 + seed)))) {
          var found = look(store);
          found.values().remove("new@l");
          assertEquals(10, found.size(), "cut " + cut + " seed " + seed);
        }
      }
    }
  }
}
