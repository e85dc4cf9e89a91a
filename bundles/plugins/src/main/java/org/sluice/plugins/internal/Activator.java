package org.sluice.plugins.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.Program;
import org.sluice.base.Threads;

/**
 * Watches the directories that the framework property {@code sluice.plugins} names, separated by
 * commas; without it nothing is done. What lies there at the start and mail may go through is there
 * when this bundle is, so that nobody listens before there are filters; bundles of nothing but
 * programs come when mail is served. What there is to tell of it waits for those who log.
 */
public final class Activator implements BundleActivator {
  private static final Logger LOG = LoggerFactory.getLogger(Activator.class);
  private static final String DIRECTORIES = "sluice.plugins";

  /** Between two scans: what comes or goes is seen by one and handled by the next. */
  static final Duration PERIOD = Duration.ofMillis(500);

  /**
   * How many periods (ten seconds) the start of the server waits for plugins that are missing for
   * what may pass. After that it serves without them: a server that takes no mail at all helps
   * nobody, and which filters mail must not pass without is said in {@code required}.
   */
  private static final int START = 20;

  /** What its thread has to end; it may be in a plugin that does not. */
  private static final long PATIENCE_MILLIS = 5_000;

  private static final int CHANGES =
      BundleEvent.INSTALLED
          | BundleEvent.RESOLVED
          | BundleEvent.UNINSTALLED
          | BundleEvent.UNRESOLVED
          | BundleEvent.UPDATED;

  /** How long the end of the server stands still before it is enough. */
  private static final Duration END = Duration.ofMinutes(1);

  private final CountDownLatch stopped = new CountDownLatch(1);
  private Optional<Plugins> watched = Optional.empty();
  private Thread thread;

  @Override
  public void start(BundleContext context) throws InterruptedException {
    String property = context.getProperty(DIRECTORIES);
    if (property == null || property.isBlank()) {
      return;
    }
    List<Path> directories = new ArrayList<>();
    for (String name : property.split(",")) {
      directories.add(Path.of(name.strip()).toAbsolutePath().normalize());
    }
    var journal = new Logged();
    var plugins = new Plugins(context, directories, journal, Limits.DEFAULT);
    watched = Optional.of(plugins);
    BundleListener changes =
        event -> {
          if ((event.getType() & CHANGES) != 0) {
            plugins.changed();
          }
        };
    context.addBundleListener(changes);
    var program = new PluginsProgram(plugins);
    var registration = context.registerService(Program.class, program, properties(true));
    var up = new CountDownLatch(1);
    context.addFrameworkListener(
        event -> {
          if (event.getType() == FrameworkEvent.STARTED) {
            up.countDown();
          }
        });
    if (context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.ACTIVE) {
      up.countDown();
    }
    var left = new AtomicInteger(START);
    scan(plugins, () -> plugins.begin(() -> left.getAndDecrement() > 0 && !stoppedIn(PERIOD)));
    thread =
        Threads.platform("plugins-").newThread(() -> watch(plugins, journal, up, registration));
    thread.start();
  }

  private static Hashtable<String, Object> properties(boolean more) {
    var properties = new Hashtable<String, Object>();
    properties.put(Program.NAME, "plugins");
    properties.put(Program.MORE, more);
    return properties;
  }

  private void watch(
      Plugins plugins, Logged journal, CountDownLatch up, ServiceRegistration<?> registration) {
    try {
      up.await();
      journal.begin();
      scan(plugins, plugins::scan);
      registration.setProperties(properties(false));
      journal.info(plugins.count() + " plugins installed");
      while (!stoppedIn(PERIOD)) {
        scan(plugins, plugins::scan);
      }
    } catch (InterruptedException e) {
      LOG.debug("plugins are not watched any more");
    }
  }

  private boolean stoppedIn(Duration time) throws InterruptedException {
    return stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private interface Scan {
    void run() throws InterruptedException;
  }

  /** Whatever is thrown, also for want of memory or threads, there is a next one. */
  private static void scan(Plugins plugins, Scan scan) throws InterruptedException {
    try {
      scan.run();
    } catch (RuntimeException | Error e) {
      plugins.changed(); // what could not be started is tried again
      LOG.warn("plugins: a scan failed", e);
    }
  }

  /** The plugins stay as they are. If the server ends, it does so whatever they do. */
  @Override
  public void stop(BundleContext context) throws InterruptedException {
    stopped.countDown();
    Bundle system = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
    if (watched.isPresent() && system.getState() == Bundle.STOPPING) {
      watched.get().interrupt();
      new End(system.getBundleContext(), END, () -> Runtime.getRuntime().halt(1)).watch();
    }
    if (thread != null) {
      thread.interrupt();
      thread.join(PATIENCE_MILLIS);
    }
  }

  /** Keeps everything until it is begun; for one thread at a time. */
  private static final class Logged implements Journal {
    private final List<Runnable> kept = new ArrayList<>();
    private boolean begun;

    @Override
    public void info(String text) {
      tell(() -> LOG.info(text));
    }

    @Override
    public void warn(String text) {
      tell(() -> LOG.warn(text));
    }

    @Override
    public void error(String text) {
      tell(() -> LOG.error(text));
    }

    private void tell(Runnable line) {
      if (begun) {
        line.run();
      } else {
        kept.add(line);
      }
    }

    void begin() {
      begun = true;
      kept.forEach(Runnable::run);
      kept.clear();
    }
  }
}
