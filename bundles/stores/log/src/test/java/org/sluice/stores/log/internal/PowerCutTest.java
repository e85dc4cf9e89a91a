package org.sluice.stores.log.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.QueueId;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueAction;
import org.sluice.testkit.Mail;

/** Cuts the power at every operation of a workload and looks at what comes back. */
class PowerCutTest {
  private static final int SEEDS = 3;
  private final MemoryDisk whole = new MemoryDisk();
  private final Workload reference = new Workload(whole, true);

  @BeforeEach
  void runWithoutACut() throws IOException {
    reference.run();
  }

  @Test
  void theWorkloadDoesAllThatThereIs() throws IOException {
    assertTrue(whole.operations > 500, "operations: " + whole.operations);
    long made =
        whole.list("").stream().flatMapToLong(n -> Segments.slot(n).stream()).max().orElseThrow();
    assertTrue(whole.begun > made + 4, "segments: " + made + " made, used as " + whole.begun);
    assertTrue(whole.list("").size() <= 8, "copied forward: " + whole.list(""));
    String longest = last().messages().get(1L);
    assertTrue(longest.contains("finished [true, false]"), longest);
    assertTrue(reference.states.stream().anyMatch(s -> s.refused() > 0));
    for (String what :
        Set.of("held", "9003 octets", "due 2027", "due 2026", "[true, false, false]")) {
      assertTrue(
          reference.states.stream().anyMatch(s -> s.messages().toString().contains(what)), what);
    }
  }

  private Workload.State last() {
    return reference.states.get(reference.steps() - 1);
  }

  @Test
  void nothingAcknowledgedIsLostAtAnyOperation() throws IOException {
    for (long cut = 1; cut <= whole.operations; cut++) {
      var disk = new MemoryDisk();
      disk.cutAt = cut;
      var workload = new Workload(disk, false);
      try {
        workload.run();
      } catch (IOException e) {
        assertTrue(disk.isCut(), "cut " + cut + ": " + e);
      }
      for (int seed = 0; seed < SEEDS; seed++) {
        var random = MemoryDisk.random(cut * 31 + seed);
        String where = "cut " + cut + " seed " + seed + ": ";
        var found = disk.afterCut(random);
        cutAgain(found, random, where);
        check(found, workload.steps() - 1, where);
      }
    }
  }

  /** Each message stands as it did after some step since the last that was durable. */
  private void check(MemoryDisk disk, int step, String where) throws IOException {
    Map<Long, String> actual;
    try (LogStore store = Workload.open(disk)) {
      actual = Workload.look(store);
      int oldest = step == 0 ? 0 : reference.states.get(step - 1).durable();
      Set<Long> ids = new HashSet<>(actual.keySet());
      for (int i = oldest; i <= step; i++) {
        ids.addAll(reference.states.get(i).messages().keySet());
      }
      for (long id : ids) {
        if (id != reference.states.get(step).refused()) { // nobody has been told yet
          assertTrue(
              allowed(id, oldest, step).contains(Optional.ofNullable(actual.get(id))),
              where
                  + "step "
                  + step
                  + " message "
                  + id
                  + ": "
                  + actual.get(id)
                  + " instead of "
                  + allowed(id, oldest, step));
        }
      }
      assertEquals(0, store.damagedPlaces(), where + "a torn end is no damage");
      bodies(store, disk, actual, where);
      store.maintain();
      assertEquals(actual, Workload.look(store), where);
    }
    try (LogStore again = Workload.open(disk)) {
      assertEquals(actual, Workload.look(again), where);
      reports(again, actual, where);
    }
  }

  private Set<Optional<String>> allowed(long id, int from, int to) {
    Set<Optional<String>> allowed = new HashSet<>();
    for (int i = from; i <= to; i++) {
      allowed.add(Optional.ofNullable(reference.states.get(i).messages().get(id)));
    }
    return allowed;
  }

  private void bodies(LogStore store, MemoryDisk disk, Map<Long, String> messages, String where)
      throws IOException {
    int files = 0;
    for (long id : messages.keySet()) {
      byte[] body = reference.bodies.get(id);
      assertArrayEquals(body, Mail.read(store, new QueueId(id)), where + id);
      files += body.length > LogStoreTest.SMALL.inlineLimit() ? 1 : 0;
    }
    assertEquals(files, disk.list(Stage.DIRECTORY).size(), where + "orphans");
  }

  /** What is known of failures comes out when all else fails too. */
  private static void reports(LogStore store, Map<Long, String> messages, String where)
      throws IOException {
    for (long id : messages.keySet()) {
      store.apply(new QueueId(id), QueueAction.BOUNCE);
    }
    for (var bounce : Mail.lease(store, Channel.BOUNCE)) {
      for (var recipient : bounce.recipients()) {
        String report = recipient.report();
        boolean own = report.equals(Workload.report(recipient.address()));
        assertTrue(own || report.contains("bounced by the postmaster"), where + report);
        boolean noted =
            bounce.id().value() == 1
                && messages.get(1L).contains("finished [true")
                && recipient.index() == 0;
        assertTrue(own || !noted, where + report);
      }
    }
  }

  /** The power fails once more, while the queue is opened, tidied and used again. */
  private void cutAgain(MemoryDisk found, Random random, String where) throws IOException {
    var disk = found.afterCut(random);
    Map<Long, String> before = new TreeMap<>();
    try (LogStore store = Workload.open(found.afterCut(random))) {
      before.putAll(Workload.look(store));
    }
    disk.cutAt = 1 + random.nextInt(30);
    try (LogStore store = Workload.open(disk)) {
      store.maintain();
      Mail.commit(store, Mail.body(0, 9000), Mail.to("new"));
      store.maintain();
    } catch (IOException e) {
      assertTrue(disk.isCut(), where + e);
    }
    try (LogStore store = Workload.open(disk.afterCut(random))) {
      assertEquals(0, store.damagedPlaces(), where);
      Map<Long, String> after = Workload.look(store);
      after.keySet().removeIf(id -> !before.containsKey(id)); // the new one may be there
      assertEquals(before, after, where + "and again");
      for (long id : before.keySet()) {
        assertArrayEquals(reference.bodies.get(id), Mail.read(store, new QueueId(id)), where);
      }
    }
  }
}
