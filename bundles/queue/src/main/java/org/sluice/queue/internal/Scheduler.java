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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.control.Control;
import org.sluice.api.delivery.Transport;
import org.sluice.api.store.Channel;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeaseRequest;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.QueueStore;
import org.sluice.base.Signals;
import org.sluice.base.Threads;

/**
 * qmail-send: leases due work, starts deliveries within the channels' concurrency, writes down what
 * became of them. One dispatcher thread decides; each delivery runs on a thread of its own.
 */
@Component(
    service = {},
    immediate = true)
public final class Scheduler {
  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);
  private static final Duration LEASE = Duration.ofHours(1);
  private static final long EXTEND_EVERY_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final long LONGEST_SLEEP_MILLIS = 30_000;
  private static final long TROUBLE_MILLIS = 1_000;
  private static final long DRAIN_MILLIS = 25_000;
  private static final int MOST_LEASES = 256;

  private final QueueService queue;
  private final Transports transports = new Transports();
  private final Attempts attempts;
  private final Bouncer bouncer;
  private final ExecutorService deliveries = Threads.pooled("delivery-");
  private final Map<Channel, Slots> slots = new EnumMap<>(Channel.class);
  private final Map<Channel, Deque<Pass>> ready = new EnumMap<>(Channel.class);
  private final AtomicInteger unwritten = new AtomicInteger();
  private final Set<Pass> active = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition wake = lock.newCondition();
  private final Condition pausing = lock.newCondition();
  private final AtomicInteger working = new AtomicInteger();
  private boolean woken;
  private boolean asleep;
  private volatile boolean stopped;
  private long extended = System.nanoTime();
  private boolean started;
  private final Flush flush;
  private final ReadyFile readyFile;
  private final Pace pace;
  private final Thread dispatcher;

  /** Starts delivering; work that waits in the store is due at once or by its schedule. */
  @Activate
  public Scheduler(BundleContext context, @Reference QueueService queue, @Reference Flush flush) {
    this(
        queue,
        flush,
        new ReadyFile(Optional.ofNullable(context.getProperty("sluice.home"))),
        Pace.ofProcessors());
  }

  Scheduler(QueueService queue, Flush flush, ReadyFile readyFile, Pace pace) {
    this.queue = queue;
    this.flush = flush;
    this.readyFile = readyFile;
    this.pace = pace;
    attempts = new Attempts(queue, transports, flush);
    bouncer = new Bouncer(queue);
    for (Channel channel : Channel.values()) {
      slots.put(channel, new Slots(channel == Channel.LOCAL ? pace : Pace.any()));
      ready.put(channel, new ArrayDeque<>());
    }
    slots.get(Channel.BOUNCE).limit(4);
    queue.listen(this::come);
    flush.listen(this::wake);
    dispatcher = Threads.platform("dispatcher-").newThread(this::dispatch);
    Signals.handle("ALRM", flush::want);
    Signals.handle("HUP", this::wake); // control files are looked at again by themselves
    dispatcher.start();
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindTransport(Transport transport, Map<String, Object> properties) {
    Object ranking = properties.get("service.ranking");
    Channel channel =
        "local".equals(properties.get(Transport.CHANNEL)) ? Channel.LOCAL : Channel.REMOTE;
    transports.add(channel, transport, ranking instanceof Integer value ? value : 0);
    wake();
  }

  /** Runs before the framework takes the service back: deliveries inside it end first. */
  void unbindTransport(Transport transport) {
    transports.remove(transport);
  }

  private void come() {
    pace.mail();
    wake();
  }

  private void wake() {
    lock.lock();
    try {
      woken = true;
      wake.signal();
    } finally {
      lock.unlock();
    }
  }

  private void dispatch() {
    while (!stopped) {
      long sleep;
      try {
        sleep = round();
      } catch (IOException | RuntimeException e) {
        LOG.warn("the queue cannot be read, trying again", e);
        sleep = TROUBLE_MILLIS;
      }
      sleep(sleep);
    }
  }

  private void sleep(long millis) {
    lock.lock();
    try {
      asleep = true;
      if (!woken && millis > 0) {
        wake.awaitNanos(TimeUnit.MILLISECONDS.toNanos(millis));
      }
      asleep = false;
      woken = false;
    } catch (InterruptedException e) {
      stopped = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether nothing happens until the clock moves, a transport returns or the store mends itself.
   *
   * @param inTransports calls of transports under way
   */
  boolean idle(int inTransports) {
    lock.lock();
    try {
      return asleep && !woken && working.get() == inTransports + unwritten.get();
    } finally {
      lock.unlock();
    }
  }

  /** A task that has been counted until it has told the dispatcher of its end. */
  private void work(Runnable task) {
    working.incrementAndGet();
    deliveries.execute(
        () -> {
          try {
            task.run();
          } finally {
            working.decrementAndGet();
          }
        });
  }

  /** Starts what can be started; how long there is nothing to do then. */
  private long round() throws IOException {
    QueueStore store = queue.store();
    Control control = queue.control();
    if (store == null || control == null) {
      return LONGEST_SLEEP_MILLIS;
    }
    slots.get(Channel.LOCAL).limit(control.number("concurrencylocal", 10));
    slots.get(Channel.REMOTE).limit(control.number("concurrencyremote", 20));
    if (!started) {
      started = true;
      status();
      readyFile.write();
    }
    long sleep = Math.min(LONGEST_SLEEP_MILLIS, flush.run(store));
    extend();
    if (unwritten.get() > 0) {
      return TROUBLE_MILLIS; // what is done now and cannot be written down is done again
    }
    pace.oldest(store.nextDue(Channel.LOCAL), queue.now());
    for (Channel channel : Channel.values()) {
      if (channel == Channel.BOUNCE || transports.has(channel)) {
        fill(store, control, channel);
        if (slots.get(channel).free() > 0) {
          Instant now = queue.now();
          long due = store.nextDue(channel).map(d -> now.until(d, MILLIS)).orElse(sleep);
          sleep = Math.min(sleep, Math.max(due, 1));
        } else if (slots.get(channel).paced()) {
          sleep = Math.min(sleep, Pace.MOMENT_MILLIS);
        }
      }
    }
    return sleep;
  }

  private void fill(QueueStore store, Control control, Channel channel) throws IOException {
    Slots free = slots.get(channel);
    Deque<Pass> passes = ready.get(channel);
    while (free.free() > 0) {
      if (passes.isEmpty() && !lease(store, control, channel, Math.min(free.free(), MOST_LEASES))) {
        return;
      }
      Pass pass = passes.poll();
      if (pass == null) {
        continue;
      }
      Slots.Slot slot = free.take();
      LeasedRecipient recipient = channel == Channel.BOUNCE ? null : pass.take();
      if (recipient != null && pass.hasMore()) {
        passes.add(pass);
      }
      if (recipient == null) {
        work(() -> bounce(pass, slot));
      } else {
        long delivery = attempts.announce(pass, recipient);
        status();
        work(() -> attempt(pass, recipient, delivery, slot));
      }
    }
  }

  private boolean lease(QueueStore store, Control control, Channel channel, int limit)
      throws IOException {
    Instant now = queue.now();
    List<Lease> leases = store.lease(new LeaseRequest(channel, now, limit, LEASE));
    Duration lifetime = Duration.ofSeconds(control.number("queuelifetime", 604_800));
    for (Lease lease : leases) {
      boolean dying = now.isAfter(lease.birth().plus(lifetime));
      var pass = new Pass(store, lease, Retry.next(channel, lease.birth(), now), dying);
      active.add(pass);
      ready.get(channel).add(pass);
    }
    return !leases.isEmpty();
  }

  private void bounce(Pass pass, Slots.Slot slot) {
    try {
      bouncer.bounce(pass.store(), pass.lease());
    } catch (IOException | RuntimeException e) {
      LOG.warn("msg {}: the lease runs out, then it is tried again", pass.lease().id(), e);
    } finally {
      active.remove(pass);
      slot.release();
      wake();
    }
  }

  private void attempt(Pass pass, LeasedRecipient recipient, long delivery, Slots.Slot slot) {
    boolean wanted = true;
    try {
      attempts.run(pass, recipient, delivery);
    } finally {
      wanted = slot.release();
      status();
    }
    try {
      settle(pass);
    } catch (IOException | RuntimeException e) {
      LOG.warn("msg {}: the lease runs out, then it is tried again", pass.lease().id(), e);
      active.remove(pass);
    } finally {
      if (wanted || !pass.left()) { // else there is nothing that the dispatcher waits for
        wake();
      }
    }
  }

  private void status() {
    queue.log().status(slots.get(Channel.LOCAL), slots.get(Channel.REMOTE), stopped);
  }

  /** What a delivery has done must be written down, or it is done twice: insist. */
  private void settle(Pass pass) throws IOException {
    boolean told = false;
    boolean over;
    try {
      while (true) {
        try {
          over = pass.settle();
          break;
        } catch (IOException e) {
          if (pass.store() != queue.store() || stopped || !pass.extend(Duration.ZERO)) {
            throw e;
          }
          if (!told) {
            LOG.warn("msg {}: outcome not written yet: {}", pass.lease().id(), e.getMessage());
            unwritten.incrementAndGet();
            told = true;
          }
          pause();
        }
      }
    } finally {
      if (told) {
        unwritten.decrementAndGet();
      }
    }
    if (over) {
      active.remove(pass);
      if (pass.left()) {
        queue.log().end(pass.lease().id());
      }
    }
  }

  private void pause() throws IOException {
    lock.lock();
    try {
      pausing.awaitNanos(TimeUnit.MILLISECONDS.toNanos(TROUBLE_MILLIS));
    } catch (InterruptedException e) {
      throw new IOException("interrupted while an outcome was to be written", e);
    } finally {
      lock.unlock();
    }
  }

  private void extend() {
    if (System.nanoTime() - extended > EXTEND_EVERY_NANOS) {
      extended = System.nanoTime();
      active.removeIf(pass -> !pass.extend(LEASE));
    }
  }

  /** Lets deliveries under way end, gives back the rest. */
  @Deactivate
  public void stop() throws InterruptedException {
    stopped = true;
    readyFile.delete();
    wake();
    dispatcher.join(5_000);
    transports.drainAll(DRAIN_MILLIS);
    for (Deque<Pass> passes : ready.values()) {
      for (Pass pass : passes) {
        giveBack(pass);
      }
    }
    deliveries.shutdown(); // interrupted ones have had their time
    deliveries.awaitTermination(5, TimeUnit.SECONDS);
    queue.log().exiting();
  }

  private void giveBack(Pass pass) {
    try {
      if (pass.lease().channel() != Channel.BOUNCE) {
        pass.abandon(queue.now());
        pass.settle();
      }
    } catch (IOException e) {
      LOG.debug("msg {}: not given back, due after the restart", pass.lease().id(), e);
    }
  }
}
