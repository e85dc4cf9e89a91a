package org.sluice.plugins.internal;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.SynchronousBundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.Threads;

/**
 * Sees to it that a server that is to end does. Plugins are stopped after network and queue, so
 * nothing is lost any more when one of them never returns from that; but the framework would wait
 * for it as long as the machine runs.
 */
final class End {
  private static final Logger LOG = LoggerFactory.getLogger(End.class);

  private final BundleContext framework;
  private final Duration patience;
  private final Runnable halt;
  private final AtomicLong last = new AtomicLong(System.nanoTime());

  /**
   * To be used when the framework stops.
   *
   * @param framework the context of the system bundle
   * @param patience how long no bundle may have stopped before it is enough
   * @param halt ends the process at once
   */
  End(BundleContext framework, Duration patience, Runnable halt) {
    this.framework = framework;
    this.patience = patience;
    this.halt = halt;
  }

  /** Begins to watch, on a thread of its own, until the process ends. */
  void watch() {
    SynchronousBundleListener progress = event -> last.set(System.nanoTime());
    framework.addBundleListener(progress);
    Threads.platform("plugins-end-").newThread(this::await).start();
  }

  private void await() {
    try {
      long left = patience.toNanos();
      while (left > 0) {
        Thread.sleep(left / 1_000_000 + 1);
        left = patience.toNanos() - (System.nanoTime() - last.get());
      }
      LOG.error("the process is ended: no end in sight for {}", late());
    } catch (InterruptedException | IllegalStateException e) {
      return; // the framework is gone, and whoever runs it goes on
    }
    halt.run();
  }

  private String late() {
    return Arrays.stream(framework.getBundles())
        .filter(bundle -> bundle.getBundleId() != 0)
        .filter(bundle -> (bundle.getState() & (Bundle.STARTING | Bundle.STOPPING)) != 0)
        .map(bundle -> bundle.getSymbolicName() + " (" + bundle.getLocation() + ")")
        .collect(Collectors.joining(", "));
  }
}
