package org.sluice.stores.log.internal;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeaseRequest;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.QueueAction;
import org.sluice.api.store.QueueEntry;
import org.sluice.api.store.QueueRecord;
import org.sluice.api.store.QueuedRecipient;
import org.sluice.api.store.RecipientOutcome;
import org.sluice.testkit.Mail;

/**
 * All that can be done to a log store, always in the same order: commits of small and big bodies to
 * both channels, outcomes, deferrals, bounces, what operators do, maintenance, restarts and a
 * failing force. After each step, one call of the store, it is known what the queue looks like.
 */
final class Workload {
  /** A time at which nothing is due unless it was made due. */
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00.5Z");

  private static final Instant LATER = Instant.parse("2027-01-01T00:00:00Z");
  private static final int BIG = 9000; // above the limit: a file of its own

  /**
   * The queue between two steps.
   *
   * @param messages how each queued message stands
   * @param durable the step whose end is the oldest state that a power cut may bring back
   * @param refused a message that was not taken in this step, 0 if there is none
   */
  record State(Map<Long, String> messages, int durable, long refused) {}

  /** One step; true if all that was written so far is durable when it returns. */
  private interface Step {
    boolean run() throws IOException;
  }

  final List<State> states = new ArrayList<>();
  final Map<Long, byte[]> bodies = new HashMap<>();
  private final MemoryDisk disk;
  private final boolean record;
  private LogStore store;
  private int serial;
  private long refused;

  /**
   * A workload on an empty disk.
   *
   * @param record whether to note the states, which takes time
   */
  Workload(MemoryDisk disk, boolean record) {
    this.disk = disk;
    this.record = record;
  }

  static LogStore open(MemoryDisk disk) throws IOException {
    return new LogStore(disk, LogStoreTest.SMALL, Clock.fixed(NOW, ZoneOffset.UTC));
  }

  /** Steps that were begun. */
  int steps() {
    return states.size();
  }

  /** All of it, or until the power fails. */
  void run() throws IOException {
    restart();
    commit(100, false, Channel.LOCAL, Channel.LOCAL); // stays to the end
    fail();
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 4; i++) {
        commit(3000, false, Channel.LOCAL, Channel.LOCAL);
        commit(BIG, false, Channel.REMOTE);
        deliver();
        commit(4000, i == 0, Channel.LOCAL);
        commit(5000, false, Channel.LOCAL, Channel.REMOTE, Channel.REMOTE);
        fail();
        bounce();
        maintain();
      }
      apply(QueueAction.HOLD, 1);
      apply(QueueAction.RELEASE, 0);
      apply(QueueAction.BOUNCE, 2);
      commit(BIG, false, Channel.LOCAL);
      apply(QueueAction.REMOVE, 3);
      apply(QueueAction.FLUSH, 1);
      flush();
      maintain();
      restart();
      deliver();
      maintain();
      commit(1000, false, Channel.LOCAL);
      failForce();
      commit(1000, false, Channel.LOCAL);
    }
    store.close();
  }

  private void step(Step step) throws IOException {
    int before = states.isEmpty() ? 0 : states.get(states.size() - 1).durable();
    states.add(new State(Map.of(), before, 0)); // the step counts from its begin
    refused = 0;
    boolean durable = step.run();
    if (disk.isCut()) { // at a start the store makes do without what cannot be written
      throw new IOException("power cut");
    }
    int number = states.size() - 1;
    var now = record ? look(store) : Map.<Long, String>of();
    states.set(number, new State(now, durable ? number : before, refused));
  }

  /** How each message stands, in words. */
  static Map<Long, String> look(LogStore store) {
    Map<Long, String> messages = new TreeMap<>();
    try (var all = store.browse()) {
      all.forEach(entry -> messages.put(entry.id().value(), describe(entry)));
    }
    return messages;
  }

  private static String describe(QueueEntry entry) {
    return entry.size()
        + " octets to "
        + entry.record().recipients()
        + " finished "
        + entry.finished()
        + (entry.record().hold() ? " held" : " due " + entry.nextAttempt());
  }

  private void restart() throws IOException {
    step(
        () -> {
          if (store != null) {
            store.close();
          }
          store = open(disk);
          return true;
        });
  }

  private void commit(int size, boolean hold, Channel... channels) throws IOException {
    byte[] body = Mail.body(++serial, size + serial);
    bodies.put((long) serial, body); // also if the power fails now, it may be there
    var recipients = new ArrayList<QueuedRecipient>();
    for (Channel channel : channels) {
      recipients.add(new QueuedRecipient(channel, "u" + serial + "." + recipients.size()));
    }
    var envelope = new QueueRecord(new ReversePath("s@x"), recipients, 7, 8, NOW, hold);
    step(
        () -> {
          QueueId id = Mail.commit(store, body, envelope);
          if (id.value() != serial) {
            throw new AssertionError("numbers are not as expected: " + id + " for " + serial);
          }
          return true;
        });
  }

  private List<Lease> lease(Channel channel, int limit) throws IOException {
    return store.lease(new LeaseRequest(channel, NOW, limit, Duration.ofDays(1)));
  }

  private void settle(Lease lease, List<RecipientOutcome> outcomes, Optional<Instant> next)
      throws IOException {
    step(
        () -> {
          store.settle(lease, outcomes, next);
          return false;
        });
  }

  /** Up to two recipients of each message are done, the rest is put off. */
  private void deliver() throws IOException {
    for (Channel channel : List.of(Channel.LOCAL, Channel.REMOTE)) {
      for (Lease lease : lease(channel, 6)) {
        int most = lease.id().value() == 1 ? 0 : 2;
        var done =
            lease.recipients().stream()
                .limit(most)
                .map(recipient -> RecipientOutcome.done(recipient.index()))
                .toList();
        settle(lease, done, Optional.of(LATER.plusSeconds(serial)));
      }
    }
  }

  /** One recipient fails, then the rest of its message in a second piece. */
  private void fail() throws IOException {
    for (Lease lease : lease(Channel.LOCAL, 2)) {
      List<LeasedRecipient> all = lease.recipients();
      settle(lease, List.of(failed(all.get(0))), Optional.empty());
      boolean stays = lease.id().value() == 1;
      var rest = all.stream().skip(stays ? all.size() : 1).map(Workload::failed).toList();
      settle(lease, rest, Optional.of(LATER));
    }
  }

  private static RecipientOutcome failed(LeasedRecipient recipient) {
    return RecipientOutcome.failed(recipient.index(), report(recipient.address()));
  }

  /** Why a recipient of this workload failed. */
  static String report(String address) {
    return "no " + address + " here\n";
  }

  private void bounce() throws IOException {
    for (Lease lease : lease(Channel.BOUNCE, 2)) {
      settle(lease, List.of(), Optional.of(NOW));
    }
  }

  /** Does something to a queued message, counted from the oldest but the first. */
  private void apply(QueueAction action, int nth) throws IOException {
    step(
        () -> {
          try (var all = store.browse()) {
            var found = all.skip(1L + nth).findFirst();
            if (found.isPresent()) {
              store.apply(found.get().id(), action);
            }
          }
          return false;
        });
  }

  private void flush() throws IOException {
    step(
        () -> {
          store.flush();
          return false;
        });
  }

  private void maintain() throws IOException {
    step(
        () -> {
          store.maintain();
          return false;
        });
  }

  /** The log's force fails once: the message is refused, the store goes on. */
  private void failForce() throws IOException {
    byte[] body = Mail.body(++serial, 500);
    bodies.put((long) serial, body);
    String active = disk.lastWritten;
    step(
        () -> {
          refused = serial;
          disk.failForce = active::equals;
          try {
            Mail.commit(store, body, Mail.to("r"));
            throw new AssertionError("was taken");
          } catch (IOException e) {
            if (disk.isCut()) {
              throw e;
            }
          } finally {
            disk.failForce = name -> false;
          }
          return true;
        });
  }
}
