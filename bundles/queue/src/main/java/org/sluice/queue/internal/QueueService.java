package org.sluice.queue.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.control.Control;
import org.sluice.api.delivery.Destinations;
import org.sluice.api.delivery.RetrySchedule;
import org.sluice.api.delivery.Router;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.filter.MailEvents;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.QueueId;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.api.store.Lease;
import org.sluice.api.store.QueueRecord;
import org.sluice.api.store.QueueStore;
import org.sluice.api.store.QueuedRecipient;
import org.sluice.api.store.StagedBody;
import org.sluice.base.MailDate;
import org.sluice.base.Period;
import org.sluice.base.QmailStart;

/** The way into the queue; stays while store and control files come and go. */
@Component(service = {MailQueue.class, Destinations.class, QueueService.class})
public final class QueueService implements MailQueue, Destinations {
  private static final Logger LOG = LoggerFactory.getLogger(QueueService.class);

  /** Who delivers what is queued. */
  interface Deliverer {
    /** Nobody. */
    Deliverer NONE =
        new Deliverer() {
          @Override
          public void come() {}

          @Override
          public void leave(QueueStore store) {}
        };

    /** There may be something to do. */
    void come();

    /**
     * A store is leaving, and is hidden already. Returns when nothing is under way in it any more,
     * or the time for that is up.
     */
    void leave(QueueStore store);
  }

  private final AtomicReference<QueueStore> store = new AtomicReference<>();
  private final LastGood control;
  private final AtomicReference<MailEvents> events = new AtomicReference<>();
  private final AtomicReference<Deliverer> deliverer = new AtomicReference<>(Deliverer.NONE);
  private final Routers routers = new Routers();
  private final Schedules schedules;
  private final AtomicLong process;
  private final DeliveryLog log;
  private final Clock clock;
  private final Period refusing;
  private final GivenQueue given;

  /** For the framework. */
  @Activate
  public QueueService() {
    this(Clock.systemUTC(), DeliveryLog.open(Clock.systemUTC()), System::nanoTime);
  }

  QueueService(Clock clock, DeliveryLog log, LongSupplier nanoTime) {
    this.clock = clock;
    this.log = log;
    refusing = new Period(Duration.ofMinutes(1), nanoTime);
    schedules = new Schedules(nanoTime);
    control = new LastGood(log);
    given = new GivenQueue(this, QmailStart.environment().orElse(Map.of()), control::home);
    // Microseconds of the start: increasing over restarts as long as fewer than 10^6 a second come.
    process = new AtomicLong(clock.millis() * 1000);
  }

  @Deactivate
  void stop() {
    log.close();
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindStore(QueueStore service) {
    store.set(service);
    deliverer.get().come();
  }

  /**
   * Runs before the framework takes the service back: what is being delivered is written down
   * first. Meanwhile nothing new gets into the store. No lock is held: a delivery that hands in a
   * message is refused for the moment, or that goes to the next store.
   */
  void unbindStore(QueueStore service) {
    store.compareAndSet(service, null);
    deliverer.get().leave(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindControl(Control service) {
    control.bind(service);
    deliverer.get().come();
  }

  void unbindControl(Control service) {
    control.unbind(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindEvents(MailEvents service) {
    events.set(service);
  }

  void unbindEvents(MailEvents service) {
    events.compareAndSet(service, null);
  }

  /** Tells observers, if there are any; else the text is not even made. */
  void tell(MailEvent.Type type, QueueId id, Supplier<String> detail) {
    MailEvents to = events.get();
    if (to != null) {
      to.publish(new MailEvent(type, now(), Optional.of(id), detail.get()));
    }
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindRouter(Router router, Map<String, Object> properties) {
    routers.add(router, properties);
  }

  /** Runs before the framework takes the service back: calls inside it end first. */
  void unbindRouter(Router router) {
    routers.remove(router);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bindSchedule(RetrySchedule schedule, Map<String, Object> properties) {
    schedules.add(schedule, properties);
  }

  /** Runs before the framework takes the service back: calls inside it end first. */
  void unbindSchedule(RetrySchedule schedule) {
    schedules.remove(schedule);
  }

  /** When to go on with what is not done now, if that is {@code usual} by qmail's schedule. */
  Instant schedule(Lease lease, Instant usual) {
    if (schedules.isEmpty()) {
      return usual;
    }
    Instant now = now();
    Instant end = lease.birth().plusSeconds(lifetime() + 1);
    return Deadline.next(lease, now, schedules.next(lease, now, usual, end));
  }

  private long lifetime() {
    Control files = control.present();
    try {
      return files == null ? 0 : Dispatcher.lifetime(files);
    } catch (IOException e) {
      return 0; // then qmail's schedule is the latest
    }
  }

  @Override
  public Draft open(Origin origin) throws QueueException {
    QueueStore to = store.get();
    if (to == null) {
      throw new QueueException(ExitCode.QUEUE, "no queue store");
    }
    long number = process.incrementAndGet();
    StagedBody staged = null;
    try {
      staged = to.stage();
      byte[] trace = trace(origin, number).getBytes(StandardCharsets.ISO_8859_1);
      staged.stream().write(trace);
      return new QueueDraft(this, to, staged, trace.length, origin.uid(), number);
    } catch (IOException e) {
      if (staged != null) {
        staged.close();
      }
      throw writeError(e);
    }
  }

  @Override
  public QueuedRecipient find(String recipient) throws QueueException {
    return rewrite(recipient);
  }

  QueuedRecipient rewrite(String address) throws QueueException {
    Control files = control.present();
    if (files == null) {
      throw new QueueException(ExitCode.HOME, "no control files");
    }
    try {
      Optional<QueuedRecipient> routed = routers.route(address);
      return routed.isPresent() ? routed.get() : new Rewriter(files).rewrite(address);
    } catch (IOException | RuntimeException e) {
      throw new QueueException(55, "unable to route " + address + ": " + e.getMessage(), e);
    }
  }

  /** Where mail with these options goes that the server hands in by itself. */
  MailQueue own(MessageOptions options) {
    return given.with(options);
  }

  QueueStore store() {
    return store.get();
  }

  Control control() {
    return control.present();
  }

  Instant now() {
    return clock.instant();
  }

  void listen(Deliverer to) {
    deliverer.set(to);
  }

  void committed(QueueId id, QueueRecord entry, long size) {
    log.accepted(id, entry, size);
    if (entry.recipients().isEmpty()) {
      log.end(id);
    }
    deliverer.get().come();
  }

  DeliveryLog log() {
    return log;
  }

  /** What whoever hands in is told; the operator is told why once a minute while that goes on. */
  QueueException writeError(IOException cause) {
    if (cause instanceof QueueException known) {
      return known;
    }
    if (refusing.begins()) {
      LOG.warn("mail is refused: {}", cause.getMessage());
    }
    return new QueueException(ExitCode.WRITE, "unable to write: " + cause.getMessage(), cause);
  }

  private String trace(Origin origin, long number) {
    String how =
        switch (origin.kind()) {
          case NETWORK -> "invoked from network";
          case ALIAS -> "invoked by alias";
          case BOUNCE -> "invoked for bounce";
          case USER -> "invoked by uid " + origin.uid();
        };
    return "Received: (qmail " + number + " " + how + "); " + MailDate.rfc822(now()) + "\n";
  }
}
