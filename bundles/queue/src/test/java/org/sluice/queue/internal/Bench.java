package org.sluice.queue.internal;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.Transport;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.queue.Origin;
import org.sluice.api.store.Channel;
import org.sluice.api.store.LeaseRequest;
import org.sluice.api.store.QueueStore;
import org.sluice.control.internal.ControlFiles;
import org.sluice.stores.log.internal.LogStoreComponent;

/** The real queue over the real log store, with channels that wait for the test to answer. */
final class Bench implements AutoCloseable {
  /** One delivery that waits for its answer. */
  final class Open {
    final Channel channel;
    final Attempt attempt;
    private final AtomicReference<DeliveryResult> result = new AtomicReference<>();
    private final CountDownLatch answered = new CountDownLatch(1);

    Open(Channel channel, Attempt attempt) {
      this.channel = channel;
      this.attempt = attempt;
    }

    void answer(DeliveryResult value) {
      lock.lock();
      try {
        open.remove(this);
      } finally {
        lock.unlock();
      }
      result.set(value);
      answered.countDown();
    }
  }

  /** Moves when told. */
  final class Hands extends Clock {
    /** How many times it has been looked at. */
    final AtomicLong asked = new AtomicLong();

    private volatile Instant now = Instant.ofEpochSecond(1_800_000_000L);

    @Override
    public Instant instant() {
      asked.incrementAndGet();
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /** Fails as the JVM does when the system gives it no more threads. */
  private final class ShortOfThreads extends ThreadPoolExecutor {
    ShortOfThreads() {
      super(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>());
    }

    @Override
    public void execute(Runnable task) {
      if (threadsMissing.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw new OutOfMemoryError("unable to create native thread");
      }
      super.execute(task);
    }
  }

  private static final DeliveryResult OVER = new DeliveryResult.TempFail("test over");

  private boolean over;
  final Hands clock = new Hands();
  final List<String> log = new ArrayList<>();
  final List<Open> open = new ArrayList<>();

  /**
   * Names of the store's methods that fail for now, also of "lease" with a channel; one that cannot
   * throw returns false.
   */
  final Set<String> failing = ConcurrentHashMap.newKeySet();

  /** Is told before work is leased. */
  final AtomicReference<Consumer<LeaseRequest>> leasing = new AtomicReference<>(request -> {});

  final QueueStore store;
  private final LogStoreComponent files;
  final QueueService queue;
  final Scheduler scheduler;

  /** How many deliveries get no thread. */
  final AtomicInteger threadsMissing = new AtomicInteger();

  final AtomicLong nanos = new AtomicLong();
  final Flush flush = new Flush(nanos::get);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  Bench(Path home) throws IOException {
    this(home, Pace.any());
  }

  Bench(Path home, Pace pace) throws IOException {
    Files.createDirectories(home.resolve("control"));
    files = new LogStoreComponent(context(home));
    store = troubled(files);
    queue = new QueueService(clock, new DeliveryLog(this::line), nanos::get);
    queue.bindStore(store);
    queue.bindControl(new ControlFiles(home, System::nanoTime));
    scheduler =
        new Scheduler(
            queue, flush, new ReadyFile(Optional.of(home.toString())), pace, new ShortOfThreads());
  }

  private static BundleContext context(Path home) {
    return (BundleContext)
        Proxy.newProxyInstance(
            Bench.class.getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (self, method, arguments) ->
                method.getName().equals("getProperty") ? home.toString() : null);
  }

  private QueueStore troubled(QueueStore real) {
    return (QueueStore)
        Proxy.newProxyInstance(
            Bench.class.getClassLoader(),
            new Class<?>[] {QueueStore.class},
            (self, method, arguments) -> {
              if (failing.contains(method.getName())
                  || arguments != null
                      && arguments[0] instanceof LeaseRequest request
                      && failing.contains("lease " + request.channel())) {
                if (method.getExceptionTypes().length == 0) {
                  return false;
                }
                throw new IOException("No space left on device");
              }
              if (method.getName().equals("lease")) {
                leasing.get().accept((LeaseRequest) arguments[0]);
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void line(String line) {
    lock.lock();
    try {
      log.add(line);
      change();
    } finally {
      lock.unlock();
    }
  }

  private void change() {
    changed.signalAll();
  }

  List<String> log() {
    lock.lock();
    try {
      return List.copyOf(log);
    } finally {
      lock.unlock();
    }
  }

  List<Open> open() {
    lock.lock();
    try {
      return List.copyOf(open);
    } finally {
      lock.unlock();
    }
  }

  /** A channel whose deliveries wait. */
  Transport channel(Channel channel) {
    return attempt -> {
      var waiting = new Open(channel, attempt);
      lock.lock();
      try {
        if (over) {
          return OVER;
        }
        open.add(waiting);
        change();
      } finally {
        lock.unlock();
      }
      if (!waiting.answered.await(60, TimeUnit.SECONDS)) {
        throw new IOException("the test did not answer");
      }
      return waiting.result.get();
    };
  }

  void connect() {
    scheduler.bindTransport(channel(Channel.LOCAL), Map.of(Transport.CHANNEL, "local"));
    scheduler.bindTransport(channel(Channel.REMOTE), Map.of(Transport.CHANNEL, "remote"));
  }

  /** Waits until nothing has happened for a while. */
  void settle() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!scheduler.idle(open().size())) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the scheduler does not come to rest: " + log());
      }
      pause();
    }
  }

  /** What happens wakes it, but for the dispatcher's going to sleep. */
  private void pause() throws InterruptedException {
    lock.lock();
    try {
      changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(2));
    } finally {
      lock.unlock();
    }
  }

  /** Waits for something that takes longer than {@link #settle} waits. */
  void await(Duration limit, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + limit);
      }
      pause();
    }
  }

  void advance(Duration by) {
    clock.now = clock.now.plus(by);
  }

  void submit(String sender, List<String> recipients, String message) throws IOException {
    submit(
        new Envelope(new ReversePath(sender), recipients.stream().map(Recipient::new).toList()),
        message);
  }

  void submit(Envelope envelope, String message) throws IOException {
    try (var draft = queue.open(Origin.user(1000))) {
      draft.body().write(message.getBytes(StandardCharsets.ISO_8859_1));
      draft.commit(envelope);
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      over = true; // one that begins now would not be answered
    } finally {
      lock.unlock();
    }
    for (Open waiting : open()) {
      waiting.answer(OVER);
    }
    try {
      scheduler.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    files.close();
  }
}
