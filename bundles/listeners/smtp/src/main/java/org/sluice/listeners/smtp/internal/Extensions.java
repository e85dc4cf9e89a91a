package org.sluice.listeners.smtp.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.smtp.SmtpExtension;

/** The extension services of the moment, in order. One that leaves finishes what it holds. */
@Component(service = Extensions.class)
public final class Extensions {
  private static final Logger LOG = LoggerFactory.getLogger(Extensions.class);

  /** Asked for the time that sessions may go on with an extension that leaves. */
  @FunctionalInterface
  interface Grace {
    Duration now();
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Grace grace;
  private final Duration told;
  private volatile List<Extension> present = List.of();

  /** For the framework. */
  @Activate
  public Extensions(BundleContext context) {
    this(
        () ->
            // When all goes down nobody takes over, so waiting for idle clients has no use.
            context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING
                ? Duration.ZERO
                : Duration.ofSeconds(30),
        Duration.ofSeconds(10));
  }

  Extensions(Grace grace, Duration told) {
    this.grace = grace;
    this.told = told;
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bind(SmtpExtension service, Map<String, Object> properties) {
    int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
    String name = properties.getOrDefault(SmtpExtension.NAME, "").toString();
    long id = ((Number) properties.getOrDefault(Constants.SERVICE_ID, 0L)).longValue();
    lock.lock();
    try {
      List<Extension> next = new ArrayList<>(present);
      next.add(new Extension(id, ranking, name, service));
      next.sort(Extension.ORDER);
      present = List.copyOf(next);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns when no session uses it, or has been told to go, or the time is up. */
  void unbind(SmtpExtension service) {
    for (Extension extension : present) {
      if (extension.service() == service) {
        remove(extension);
      }
    }
  }

  private void remove(Extension extension) {
    lock.lock();
    try {
      present = present.stream().filter(e -> e != extension).toList();
    } finally {
      lock.unlock();
    }
    extension.remove();
    try {
      if (!extension.await(grace.now())) {
        extension.sessions().forEach(Hooks::leave);
        long end = System.nanoTime() + told.toNanos();
        for (Hooks session : extension.sessions()) {
          session.awaitRest(end - System.nanoTime());
        }
      }
    } catch (InterruptedException e) {
      // Whoever removes it cannot wait.
      Thread.currentThread().interrupt();
    }
    for (Hooks session : extension.sessions()) {
      if (session.dismiss(extension)) {
        LOG.warn("{}: an extension has left in the midst of it", session.id());
      }
    }
  }

  /** Those that a session that begins now has. */
  List<Extension> present() {
    return present;
  }

  /** Waits until extensions of all these names are there; false if the time is up first. */
  boolean await(Set<String> names, Duration limit) throws InterruptedException {
    if (names.isEmpty()) {
      return true;
    }
    long left = limit.toNanos();
    lock.lockInterruptibly();
    try {
      while (!there(names) && left > 0) {
        left = changed.awaitNanos(left);
      }
      return there(names);
    } finally {
      lock.unlock();
    }
  }

  private boolean there(Set<String> names) {
    return names.stream().allMatch(name -> present.stream().anyMatch(e -> e.name().equals(name)));
  }
}
