package org.sluice.chain.internal;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.sluice.api.filter.MailEvent;
import org.sluice.api.filter.MailEvents;
import org.sluice.api.filter.MailObserver;

/** Tells observers what happens. Registered only while there is one, by its reference's 1..n. */
@Component(service = {MailEvents.class, Observers.class})
public final class Observers implements MailEvents {
  private final List<ObserverQueue> queues = new CopyOnWriteArrayList<>();
  private final LongSupplier nanoTime;

  /** For the framework. */
  @Activate
  public Observers() {
    this(System::nanoTime);
  }

  Observers(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Reference(cardinality = ReferenceCardinality.AT_LEAST_ONE, policy = ReferencePolicy.DYNAMIC)
  void bindObserver(MailObserver observer, Map<String, Object> properties) {
    Object name = properties.getOrDefault("component.name", observer.getClass().getName());
    queues.add(new ObserverQueue(observer, name.toString(), nanoTime));
  }

  /** Runs before the framework takes the service back: a call under way ends first. */
  void unbindObserver(MailObserver observer) {
    for (ObserverQueue queue : queues) {
      if (queue.observer() == observer) {
        queues.remove(queue);
        queue.end();
      }
    }
  }

  @Override
  public void publish(MailEvent event) {
    for (ObserverQueue queue : queues) {
      queue.offer(event);
    }
  }

  /** For the status: one line an observer. */
  List<String> status() {
    return queues.stream().map(ObserverQueue::toString).toList();
  }
}
