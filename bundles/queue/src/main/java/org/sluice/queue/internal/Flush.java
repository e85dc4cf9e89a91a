package org.sluice.queue.internal;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.delivery.DeliveryAgent;
import org.sluice.api.delivery.UserDirectory;
import org.sluice.api.queue.Trigger;
import org.sluice.api.store.Channel;
import org.sluice.api.store.QueueStore;

/**
 * Makes mail due before its time: all of it on SIGALRM; what waits for a service that deliveries
 * need when one has come. Wishes by any thread; the dispatcher fulfils them.
 */
@Component(service = {Flush.class, Trigger.class})
public final class Flush implements Trigger {
  private static final Logger LOG = LoggerFactory.getLogger(Flush.class);

  /** Until then whoever has found no service has said so, and all know the one that has come. */
  private static final long KNOWN_MILLIS = 1_000;

  private static final long NEVER = 0;
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final AtomicBoolean pulled = new AtomicBoolean();
  private final AtomicBoolean hasty = new AtomicBoolean();
  private final AtomicLong come = new AtomicLong(NEVER);
  private final AtomicReference<Runnable> listener = new AtomicReference<>(() -> {});
  private final LongSupplier nanoTime;

  /** By Declarative Services. */
  @Activate
  public Flush() {
    this(System::nanoTime);
  }

  Flush(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public void pull() {
    pulled.set(true);
    listener.get().run();
  }

  /** Whether somebody has changed the store since this was asked. By the dispatcher. */
  boolean pulled() {
    return pulled.getAndSet(false);
  }

  /** Whom to tell that there is something to do. */
  void listen(Runnable dispatcher) {
    listener.set(dispatcher);
  }

  @Reference(
      service = DeliveryAgent.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void bindAgent(ServiceReference<DeliveryAgent> agent) {
    come();
  }

  /** What goes makes nothing due. */
  void unbindAgent(ServiceReference<DeliveryAgent> agent) {}

  @Reference(
      service = UserDirectory.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void bindDirectory(ServiceReference<UserDirectory> directory) {
    come();
  }

  /** What goes makes nothing due. */
  void unbindDirectory(ServiceReference<UserDirectory> directory) {}

  /** SIGALRM has come. */
  void want() {
    wanted.set(true);
    listener.get().run();
  }

  /** A local delivery was put off for something that passes soon. */
  void hasty() {
    hasty.set(true);
  }

  /** A service that local deliveries need has come. */
  void come() {
    long now = nanoTime.getAsLong();
    come.set(now == NEVER ? now + 1 : now);
    listener.get().run();
  }

  /** Does what is wanted, if it is time to; how many milliseconds until there is more to do. */
  long run(QueueStore store) throws IOException {
    if (wanted.getAndSet(false)) {
      boolean done = false;
      try {
        LOG.info("{} messages made due by SIGALRM", store.flush());
        done = true;
      } finally {
        if (!done) {
          wanted.set(true);
        }
      }
    }
    long since = come.get();
    if (since == NEVER) {
      return Long.MAX_VALUE;
    }
    long left = TimeUnit.MILLISECONDS.toNanos(KNOWN_MILLIS) - (nanoTime.getAsLong() - since);
    if (left > 0) {
      return left / 1_000_000 + 1;
    }
    if (come.compareAndSet(since, NEVER) && hasty.getAndSet(false)) {
      long touched = store.makeDue(Channel.LOCAL);
      LOG.debug("{} messages made due by a service that came", touched);
    }
    return come.get() == NEVER ? Long.MAX_VALUE : KNOWN_MILLIS;
  }
}
