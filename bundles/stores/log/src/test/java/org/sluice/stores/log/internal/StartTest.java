package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.store.Channel;
import org.sluice.testkit.Mail;

/** What a start makes of a directory in which not all is as the store left it. */
class StartTest {
  private static final int BIG = 9000; // above the limit: a file of its own
  private final MemoryDisk disk = new MemoryDisk();

  private LogStore open() throws IOException {
    return new LogStore(disk, LogStoreTest.SMALL, Clock.systemUTC());
  }

  @Test
  void aMessageWithoutItsBodyStaysQueued() throws IOException {
    try (var store = open()) {
      Mail.commit(store, Mail.body(1, BIG), Mail.to("a"));
      Mail.commit(store, Mail.body(2, BIG), Mail.to("b"));
    }
    disk.delete(Stage.name(1));
    for (int i = 0; i < 2; i++) {
      try (var store = open()) {
        var leases = Mail.lease(store, Channel.LOCAL);
        assertEquals(2, leases.size());
        int lost = leases.get(0).id().value() == 1 ? 0 : 1;
        var message = store.message(leases.get(lost).id());
        var why = assertThrows(IOException.class, message::open);
        assertTrue(why.getMessage().contains("bodies/1"), why.getMessage());
        assertEquals(2, store.browse().count(), "for an operator who removes it");
        var broken = new ArrayList<String>();
        var whole = store.browse((id, e) -> broken.add(id + ": " + e.getMessage())).toList();
        assertEquals(List.of("1: not there: bodies/1"), broken);
        assertEquals(List.of(2L), whole.stream().map(entry -> entry.id().value()).toList());
        store.settle(leases.get(lost), List.of(), Optional.of(Mail.FAR));
        assertArrayEquals(Mail.body(2, BIG), Mail.read(store, leases.get(1 - lost).id()));
        store.maintain();
        try (var stage = store.stage()) { // its number is not given to another
          stage.stream().write(Mail.body(3, BIG));
          assertTrue(((Stage) stage).number() > 2);
        }
      }
    }
  }

  @Test
  void aStartThatFailsLeavesNoFileOpen() throws IOException {
    try (var store = open()) {
      for (int i = 0; i < 30; i++) {
        Mail.commit(store, Mail.body(i, 3000), Mail.to("a"));
      }
      store.maintain();
    }
    assertEquals(0, disk.handles);
    int failed = 0;
    for (int cut = 1; cut < 40; cut++) {
      MemoryDisk again = disk.copy();
      again.cutAt = cut;
      try {
        new LogStore(again, LogStoreTest.SMALL, Clock.systemUTC()).close();
      } catch (IOException e) {
        failed++;
      }
      assertEquals(0, again.handles, "operation " + cut);
    }
    assertTrue(failed > 2, "starts that failed: " + failed);
  }

  @Test
  void whateverAStartThrowsTheLockIsFree(@TempDir Path directory) throws IOException {
    var lock = new DirectoryLock(directory);
    assertThrows(
        OutOfMemoryError.class,
        () ->
            LogStoreComponent.open(
                lock,
                () -> {
                  throw new OutOfMemoryError("for the test");
                }));
    new DirectoryLock(directory).close();
  }

  @Test
  void whatIsNotTheStoresIsPassedOver() throws IOException {
    for (String name :
        new String[] {"bodies/7~", "bodies/x", "bodies/0", "bodies/-1", "bodies/01"}) {
      disk.create(name);
    }
    for (String name :
        new String[] {"segment-2.bak", "segment-", "segment-1~", "segment-99999999999999999999"}) {
      disk.create(name);
    }
    var before = disk.list("bodies");
    for (int i = 0; i < 2; i++) {
      try (var store = open()) {
        Mail.commit(store, Mail.body(1, BIG), Mail.to("a"));
        store.maintain();
      }
    }
    assertTrue(disk.list("bodies").containsAll(before));
    assertTrue(disk.list("").contains("segment-2.bak"));
  }
}
