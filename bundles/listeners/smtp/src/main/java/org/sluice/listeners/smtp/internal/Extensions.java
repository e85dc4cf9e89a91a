package org.sluice.listeners.smtp.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** The variable: names of extensions without which the listener must not serve. */
  private static final String REQUIRED = "SMTPEXTENSIONS";

  /** How long a client is kept that came while an extension that it needs was being replaced. */
  private static final Duration WAIT = Duration.ofSeconds(60);

  /** Asked for the time that sessions may go on with an extension that leaves. */
  @FunctionalInterface
  interface Grace {
    Duration now();
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Grace grace;
  private final Duration told;
  private final Duration wait;
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
    this(grace, told, WAIT);
  }

  Extensions(Grace grace, Duration told, Duration wait) {
    this.grace = grace;
    this.told = told;
    this.wait = wait;
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

  /** Those of the moment. */
  List<Extension> present() {
    return present;
  }

  /**
   * Those that a session with this environment has from now on: none that its listener must not
   * serve without is missing.
   *
   * @throws SessionEnd if one of these is still away after a while
   */
  List<Extension> of(Map<String, String> environment) throws SessionEnd, InterruptedException {
    return await(required(environment), wait)
        .orElseThrow(
            () -> new SessionEnd("421 an extension is being replaced, try again (#4.3.2)", 1));
  }

  /** Names of those without which a session with this environment must not be. */
  static Set<String> required(Map<String, String> environment) {
    Set<String> names = new HashSet<>();
    for (String name : environment.getOrDefault(REQUIRED, "").split("[,\\s]+")) {
      names.add(name);
    }
    names.remove("");
    return names;
  }

  /** Waits until extensions of all these names are there; empty if the time is up first. */
  Optional<List<Extension>> await(Set<String> names, Duration limit) throws InterruptedException {
    if (names.isEmpty()) {
      return Optional.of(present);
    }
    long left = limit.toNanos();
    lock.lockInterruptibly();
    try {
      while (!there(names) && left > 0) {
        left = changed.awaitNanos(left);
      }
      return Optional.of(present).filter(all -> there(names));
    } finally {
      lock.unlock();
    }
  }

  private boolean there(Set<String> names) {
    return names.stream().allMatch(name -> present.stream().anyMatch(e -> e.name().equals(name)));
  }
}
