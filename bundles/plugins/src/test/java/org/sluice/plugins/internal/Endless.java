package org.sluice.plugins.internal;

import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** The activator of a plugin that does not start, or not stop, before the test allows it. */
public final class Endless implements BundleActivator {
  /** A latch, which the class in the bundle, another one, finds among the system properties. */
  static final String ALLOWED = "endless";

  @Override
  public void start(BundleContext context) throws InterruptedException {
    if (how(context).contains("start")) {
      await(how(context));
    }
  }

  @Override
  public void stop(BundleContext context) throws InterruptedException {
    if (how(context).contains("stop")) {
      await(how(context));
    }
  }

  private static String how(BundleContext context) {
    return context.getBundle().getHeaders().get("Label");
  }

  private static void await(String how) throws InterruptedException {
    var allowed = (CountDownLatch) System.getProperties().get(ALLOWED);
    while (true) {
      try {
        allowed.await();
        return;
      } catch (InterruptedException e) {
        if (!how.contains("stubborn")) {
          throw e;
        }
      }
    }
  }
}
