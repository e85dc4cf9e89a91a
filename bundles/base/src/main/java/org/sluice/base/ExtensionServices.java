package org.sluice.base;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extensions of one protocol that are there now, in order. One that leaves finishes what it
 * holds: sessions keep it until they end, or have been told, or the time is up. Thread-safe.
 *
 * @param <E> the services' interface
 */
public final class ExtensionServices<E> {
  private static final Logger LOG = LoggerFactory.getLogger(ExtensionServices.class);

  /** How long sessions may go on with an extension that leaves, before they are told. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  private static final Duration TOLD = Duration.ofSeconds(10);

  /** How long a client is kept that came while an extension that it needs was being replaced. */
  private static final Duration WAIT = Duration.ofSeconds(60);

  /** Asked for the time that sessions may go on with an extension that leaves. */
  @FunctionalInterface
  public interface Grace {
    /** As things are now. */
    Duration now();
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Grace grace;
  private final Duration told;
  private final Duration wait;
  private volatile List<Extension<E>> present = List.of();

  /** With the usual times. */
  public ExtensionServices(BundleContext context) {
    this(
        () ->
            // When all goes down nobody takes over, so waiting for idle clients has no use.
            context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING
                ? Duration.ZERO
                : GRACE,
        TOLD);
  }

  /** For tests. */
  public ExtensionServices(Grace grace, Duration told) {
    this(grace, told, WAIT);
  }

  /**
   * For tests.
   *
   * @param grace how long sessions may go on with an extension that leaves
   * @param told how long they may take to go on without it, once told
   * @param wait how long a session waits for an extension that it must not be without
   */
  public ExtensionServices(Grace grace, Duration told, Duration wait) {
    this.grace = grace;
    this.told = told;
    this.wait = wait;
  }

  /**
   * One came.
   *
   * @param name the service property that names it
   */
  public void add(E service, String name, Map<String, ?> properties) {
    int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
    long id =
        properties.get(Constants.SERVICE_ID) instanceof Number number ? number.longValue() : 0;
    Object called = properties.get(name);
    lock.lock();
    try {
      List<Extension<E>> next = new ArrayList<>(present);
      next.add(new Extension<>(id, ranking, called == null ? "" : called.toString(), service));
      next.sort(Extension.order());
      present = List.copyOf(next);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** It leaves; returns when no session uses it, or has been told, or the time is up. */
  public void remove(E service) {
    for (Extension<E> extension : present) {
      if (extension.service() == service) {
        remove(extension);
      }
    }
  }

  private void remove(Extension<E> extension) {
    lock.lock();
    try {
      present = present.stream().filter(e -> e != extension).toList();
    } finally {
      lock.unlock();
    }
    extension.remove();
    try {
      if (!extension.await(grace.now())) {
        extension.sessions().forEach(SessionExtensions::leave);
        long end = System.nanoTime() + told.toNanos();
        for (SessionExtensions<E, ?> session : extension.sessions()) {
          session.awaitRest(end - System.nanoTime());
        }
      }
    } catch (InterruptedException e) {
      // Whoever removes it cannot wait.
      Thread.currentThread().interrupt();
    }
    for (SessionExtensions<E, ?> session : extension.sessions()) {
      if (session.dismiss(extension)) {
        LOG.warn("{}: an extension has left in the midst of it", session.id());
      }
    }
  }

  /** Those of the moment. */
  public List<Extension<E>> present() {
    return present;
  }

  /** Names in a variable of the environment, with commas or blanks between them. */
  public static Set<String> names(String list) {
    Set<String> names = new HashSet<>(List.of(list.split("[,\\s]+")));
    names.remove("");
    return names;
  }

  /** Waits for a while until extensions of all these names are there; empty if some are not. */
  public Optional<List<Extension<E>>> await(Set<String> names) throws InterruptedException {
    return await(names, wait);
  }

  /** Waits until extensions of all these names are there; empty if the time is up first. */
  public Optional<List<Extension<E>>> await(Set<String> names, Duration limit)
      throws InterruptedException {
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
