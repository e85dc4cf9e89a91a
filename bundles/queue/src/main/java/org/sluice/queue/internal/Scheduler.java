package org.sluice.queue.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.Transport;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueStore;
import org.sluice.base.QmailStart;
import org.sluice.base.Signals;
import org.sluice.base.Threads;

/**
 * qmail-send as a component: starts and ends the {@link Dispatcher}, knows what comes and goes.
 * When it is to end no delivery starts any more, those under way end and are written down, and
 * messages that they end get their bounces (spec 10 section 10.1). The distributions stop this
 * bundle before those with store, users and agents.
 */
@Component(
    service = {},
    immediate = true,
    configurationPid = "org.sluice.queue")
@Designate(ocd = QueueConfig.class)
public final class Scheduler implements QueueService.Deliverer {
  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

  /** For what has been interrupted to say so. */
  private static final long INTERRUPTED_MILLIS = 5_000;

  private static final long SLICE_MILLIS = 100;

  private final QueueService queue;
  private final ReadyFile readyFile;
  private final Pace pace;
  private final Transports transports = new Transports();
  private final Passes passes = new Passes();
  private final Counts counts;
  private final Work work;
  private final Dispatcher dispatcher;
  private volatile Duration drain = Duration.ofMinutes(10);
  private volatile boolean hurried;

  /** Starts delivering; work that waits in the store is due at once or by its schedule. */
  @Activate
  public Scheduler(
      BundleContext context,
      @Reference QueueService queue,
      @Reference Flush flush,
      QueueConfig config) {
    this(
        queue,
        flush,
        new ReadyFile(Optional.ofNullable(context.getProperty("sluice.home"))),
        Pace.ofProcessors(),
        Threads.pooled("delivery-"));
    change(config);
    if (QmailStart.started()) {
      Signals.handle("TERM", () -> System.exit(0)); // a JVM says 143, which is a failure to some
    }
  }

  Scheduler(
      QueueService queue, Flush flush, ReadyFile readyFile, Pace pace, ExecutorService threads) {
    this.queue = queue;
    this.readyFile = readyFile;
    this.pace = pace;
    counts = new Counts(pace, queue.log());
    work = new Work(threads);
    dispatcher = new Dispatcher(queue, flush, readyFile, pace, transports, passes, counts, work);
    queue.listen(this);
    flush.listen(dispatcher::wake);
    Signals.handle("ALRM", flush::want);
    Signals.handle("HUP", dispatcher::wake); // control files are looked at again by themselves
    dispatcher.start();
  }

  /** Takes new settings; what is under way goes on. */
  @Modified
  void change(QueueConfig config) {
    drain(Duration.ofSeconds(Math.max(0, config.drainTime())));
  }

  void drain(Duration time) {
    drain = time;
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindTransport(Transport transport, Map<String, Object> properties) {
    Object ranking = properties.get("service.ranking");
    Channel channel =
        "local".equals(properties.get(Transport.CHANNEL)) ? Channel.LOCAL : Channel.REMOTE;
    transports.add(channel, transport, ranking instanceof Integer value ? value : 0);
    dispatcher.wake();
  }

  /** Runs before the framework takes the service back: deliveries inside it end first. */
  void unbindTransport(Transport transport) {
    transports.remove(transport);
  }

  @Override
  public void come() {
    if (pace.mail()) {
      dispatcher.wake();
    }
  }

  @Override
  public void leave(QueueStore store) {
    dispatcher.wake(); // it gives back what has not begun
    if (!passes.awaitNone(store, drain)) {
      LOG.warn("the queue store leaves while mail is delivered; that is interrupted");
      transports.interrupt(of -> of == store);
      passes.awaitNone(store, Duration.ofMillis(INTERRUPTED_MILLIS));
      passes.forget(of -> of == store);
    }
  }

  /** For tests: whether nothing happens but so many calls of transports. */
  boolean idle(int inTransports) {
    return dispatcher.idle(() -> work.count() == inTransports + passes.unwritten());
  }

  /** The operator does not want to wait: interrupts what is under way, which is tried again. */
  private void hurry() {
    hurried = true;
    transports.hurry();
  }

  private boolean join(long millis) throws InterruptedException {
    long start = System.nanoTime();
    while (!hurried && TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) < millis) {
      if (dispatcher.join(SLICE_MILLIS)) {
        return true;
      }
    }
    return dispatcher.join(1);
  }

  /** While the process ends TERM means nothing to the JVM any more; here it ends the waiting. */
  private void onSecondSignal() {
    var hook = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) { // the process ends
      Signals.handle("TERM", this::hurry);
    }
  }

  /**
   * Lets deliveries under way end and gives back the rest.
   *
   * @throws InterruptedException if the calling thread is interrupted; what is under way goes on
   */
  @Deactivate
  public void stop() throws InterruptedException {
    counts.exit(); // before anything else
    readyFile.delete();
    dispatcher.wake();
    onSecondSignal();
    if (!join(drain.toMillis())) {
      transports.hurry();
      if (!dispatcher.join(INTERRUPTED_MILLIS)) {
        LOG.warn("deliveries do not end; what they do may be done again");
        passes.forget(store -> true);
        dispatcher.abort();
        dispatcher.join(INTERRUPTED_MILLIS);
      }
    }
    queue.log().exiting();
    work.end(INTERRUPTED_MILLIS);
  }
}
