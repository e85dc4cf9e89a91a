package org.sluice.queue.internal;

import static java.time.temporal.ChronoUnit.MILLIS;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.sluice.api.control.Control;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeaseRequest;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.QueueStore;
import org.sluice.base.Threads;

/**
 * The thread that decides what is delivered when. It leases due work, within the channels'
 * concurrency, and hands each delivery to a thread of its own. It alone touches the passes that
 * have recipients to start, and it alone takes slots.
 */
final class Dispatcher {
  private static final Duration LEASE = Duration.ofHours(1);
  private static final long EXTEND_EVERY_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final long LONGEST_SLEEP_MILLIS = 30_000;
  private static final long TROUBLE_MILLIS = 1_000;
  private static final int MOST_LEASES = 256;

  /** When mail is looked at again of which some recipients would wait, and too many wait. */
  private static final Duration UNTIL_LESS_WAIT = Duration.ofMinutes(1);

  /** In seconds; longer than mail has been sent, and sums with it fit any clock. */
  private static final long LONGEST_LIFETIME = 10_000_000_000L;

  private final QueueService queue;
  private final Flush flush;
  private final ReadyFile readyFile;
  private final Pace pace;
  private final Transports transports;
  private final Passes passes;
  private final Counts counts;
  private final DestinationLimits limits;
  private final DestinationTurns turns;
  private final Deliveries deliveries;
  private final Map<Channel, Deque<Pass>> ready = new EnumMap<>(Channel.class);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private final Thread thread;
  private boolean woken;
  private boolean asleep;
  private volatile boolean ended;
  private long extended = System.nanoTime();
  private long lifetime;
  private boolean started;
  private boolean smooth;
  private String trouble = "";

  Dispatcher(
      QueueService queue,
      Flush flush,
      ReadyFile readyFile,
      Pace pace,
      Transports transports,
      Passes passes,
      Counts counts,
      Work work) {
    this.queue = queue;
    this.flush = flush;
    this.readyFile = readyFile;
    this.pace = pace;
    this.transports = transports;
    this.passes = passes;
    this.counts = counts;
    var attempts = new Attempts(queue, transports, flush);
    limits = new DestinationLimits(() -> queue.now().toEpochMilli());
    turns = new DestinationTurns(limits);
    deliveries = new Deliveries(queue, attempts, passes, counts, limits, work, this::wake);
    for (Channel channel : Channel.values()) {
      ready.put(channel, new ArrayDeque<>());
    }
    thread = Threads.platform("dispatcher-").newThread(this::dispatch);
  }

  void start() {
    thread.start();
  }

  /** Has it look whether there is something to do. By any thread. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      wake.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Whether it waits until it is woken or the clock moves, and this holds as well. */
  boolean idle(BooleanSupplier and) {
    lock.lock();
    try {
      return asleep && !woken && and.getAsBoolean();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the end, which comes by itself when the counts say that the queue is to end and
   * nothing is under way any more; false if it has not come in time.
   */
  boolean join(long millis) throws InterruptedException {
    thread.join(millis);
    return !thread.isAlive();
  }

  /** Ends it whatever is under way. */
  void abort() {
    ended = true;
    wake();
  }

  /** Goes on whatever is thrown; ends when the queue does and by nothing else. */
  private void dispatch() {
    while (!ended) {
      long sleep = TROUBLE_MILLIS;
      smooth = true;
      try {
        sleep = round();
      } catch (Throwable e) { // also what threads and memory that are short throw
        trouble(e);
      }
      trouble = smooth ? "" : trouble;
      long millis = ended ? 0 : sleep;
      Quietly.run(() -> sleep(millis));
    }
  }

  private void trouble(Throwable e) {
    smooth = false;
    Quietly.run(
        () -> {
          if (!trouble.equals(e.toString())) { // once a second would fill the log
            trouble = e.toString();
            Quietly.warn("the queue cannot be worked on, trying again every second", e);
          }
        });
  }

  private void sleep(long millis) {
    lock.lock();
    try {
      asleep = true;
      if (!woken && millis > 0) {
        wake.awaitNanos(TimeUnit.MILLISECONDS.toNanos(millis));
      }
    } catch (InterruptedException e) {
      // Nobody who means this thread says so in this way.
    } finally {
      asleep = false;
      woken = false;
      lock.unlock();
    }
  }

  /** Starts what can be started; for how many milliseconds there is nothing to do then. */
  private long round() throws IOException {
    pace.look();
    boolean exiting = counts.exiting();
    boolean none = passes.isEmpty(); // what has ended before has its bounce in the store
    QueueStore store = passes.enter(queue::store);
    try {
      giveBack(store, exiting);
      extend();
      long sleep = exiting ? bounces(store) : work(store);
      if (exiting && none && passes.isEmpty()) {
        ended = true;
      }
      return pace.sleep(sleep);
    } finally {
      passes.leave();
    }
  }

  /** While the queue ends only bounces are begun (spec 10 section 10.1). */
  private long bounces(QueueStore store) {
    return store == null || passes.unwritten() > 0
        ? TROUBLE_MILLIS
        : fillOrComplain(store, Channel.BOUNCE, TROUBLE_MILLIS);
  }

  private long work(QueueStore store) throws IOException {
    Control control = queue.control();
    if (store == null || control == null) {
      return LONGEST_SLEEP_MILLIS;
    }
    // All is read before anything is leased.
    counts.limits(control.number("concurrencylocal", 10), control.number("concurrencyremote", 20));
    lifetime = lifetime(control);
    limits.read(control);
    if (!started) {
      started = true;
      counts.status();
      readyFile.write();
    }
    long sleep = Math.min(LONGEST_SLEEP_MILLIS, flush.run(store));
    if (flush.pulled()) {
      letGo();
    }
    if (passes.unwritten() > 0) {
      return TROUBLE_MILLIS; // what is done now and cannot be written down is done again
    }
    pace.oldest(store.nextDue(Channel.LOCAL), queue.now());
    for (Channel channel : Channel.values()) {
      if (channel == Channel.BOUNCE || transports.has(channel)) {
        sleep = fillOrComplain(store, channel, sleep);
      }
    }
    return sleep;
  }

  /** For how many seconds mail is tried. */
  static long lifetime(Control control) throws IOException {
    return Math.min(LONGEST_LIFETIME, control.number("queuelifetime", 604_800));
  }

  /** The trouble of one channel is none of the others'. */
  private long fillOrComplain(QueueStore store, Channel channel, long most) {
    try {
      fill(store, channel);
      Slots slots = counts.of(channel);
      long sleep = Long.MAX_VALUE;
      if (slots.free() > 0) {
        sleep = nextDue(store, channel);
        if (channel == Channel.REMOTE) {
          sleep = Math.min(sleep, turns.millisUntilNext());
        }
      } else if (slots.paced()) {
        sleep = Pace.MOMENT_MILLIS;
      }
      return Math.min(most, sleep);
    } catch (Throwable e) {
      trouble(e);
      return Math.min(most, TROUBLE_MILLIS);
    }
  }

  /** In how many milliseconds there is something to lease. */
  private long nextDue(QueueStore store, Channel channel) {
    Instant now = queue.now();
    return store
        .nextDue(channel, turns.capped(channel))
        .map(due -> Math.max(1, now.until(due, MILLIS)))
        .orElse(Long.MAX_VALUE);
  }

  private void fill(QueueStore store, Channel channel) throws IOException {
    Slots slots = counts.of(channel);
    Deque<Pass> waiting = ready.get(channel);
    boolean mayWait = channel == Channel.REMOTE;
    while (slots.free() > 0 && (channel == Channel.BOUNCE || !counts.exiting())) {
      mayWait = mayWait && beginHeld(); // once none may begin the next round looks again
      if (mayWait) {
        continue;
      }
      if (waiting.isEmpty() && !lease(store, channel, Math.min(slots.free(), MOST_LEASES))) {
        return;
      }
      Pass pass = waiting.remove();
      boolean more = true; // whatever is thrown, it waits on
      try {
        more = begin(pass);
      } finally {
        if (more) {
          waiting.add(pass);
        }
      }
    }
  }

  /** Begins one delivery, or the bounce; whether there is more to begin. */
  private boolean begin(Pass pass) {
    if (pass.lease().channel() == Channel.BOUNCE) {
      return !deliveries.bounce(pass);
    }
    LeasedRecipient recipient = pass.take();
    boolean begun = false;
    try {
      begun = turns.hold(pass, recipient) || deliveries.deliver(pass, recipient);
    } finally {
      if (!begun) {
        pass.untake();
      }
    }
    return pass.hasMore();
  }

  /** Begins the delivery to one that has waited, if there is any that may begin. */
  private boolean beginHeld() {
    Optional<HeldRecipients.Held> next = turns.next();
    if (next.isEmpty()) {
      return false;
    }
    boolean begun = false;
    try {
      begun = deliveries.deliver(next.get().pass(), next.get().recipient());
    } finally {
      if (!begun) {
        turns.putBack(next.get());
      }
    }
    return true;
  }

  /** Whether anything has been leased that may begin. */
  private boolean lease(QueueStore store, Channel channel, int most) throws IOException {
    Instant now = queue.now();
    boolean full = channel == Channel.REMOTE && turns.isFull();
    int limit = full ? 1 : most; // as the next may be for a destination that is capped by this one
    Set<String> capped = turns.capped(channel);
    List<Lease> leases = store.lease(new LeaseRequest(channel, now, limit, LEASE, capped));
    int taken = 0;
    try {
      for (Lease lease : leases) {
        if (full && DestinationTurns.wouldWait(lease, capped)) {
          store.giveBack(lease, Deadline.next(lease, now, now.plus(UNTIL_LESS_WAIT)));
        } else {
          begin(store, lease, now);
        }
        taken++;
      }
    } finally {
      for (Lease lease : leases.subList(taken, leases.size())) {
        store.giveBack(lease, now);
      }
    }
    return !ready.get(channel).isEmpty();
  }

  private void begin(QueueStore store, Lease lease, Instant now) {
    Channel channel = lease.channel();
    // Whole seconds, as qmail has them (spec 10 section 6.3).
    boolean dying = now.getEpochSecond() > lease.birth().getEpochSecond() + lifetime;
    Instant next = Deadline.next(lease, now, Retry.next(channel, lease.birth(), now));
    var pass = new Pass(store, lease, next, dying);
    passes.begin(pass);
    ready.get(channel).add(pass);
  }

  /** What has not begun and will not: of a store that leaves, and all when the queue ends. */
  private void giveBack(QueueStore store, boolean exiting) {
    deliveries.giveBack(turns.remove(pass -> exiting || pass.store() != store));
    for (Deque<Pass> waiting : ready.values()) {
      for (int i = waiting.size(); i > 0; i--) {
        Pass pass = waiting.remove();
        boolean stays = pass.lease().channel() == Channel.BOUNCE || !exiting;
        if (stays && pass.store() == store) {
          waiting.add(pass);
        } else {
          deliveries.giveBack(pass);
        }
      }
    }
  }

  /** Gives back what only waits for its destination: it may have been put on hold, or be wanted. */
  private void letGo() {
    Set<Pass> untouched = turns.removeUntouched();
    ready.get(Channel.REMOTE).removeAll(untouched);
    untouched.forEach(deliveries::letGo);
  }

  private void extend() {
    long passed = System.nanoTime() - extended;
    if (passed > EXTEND_EVERY_NANOS) { // by that, or leases that are abandoned would last for days
      extended += passed;
      passes.extend(Duration.ofNanos(passed));
    }
  }
}
