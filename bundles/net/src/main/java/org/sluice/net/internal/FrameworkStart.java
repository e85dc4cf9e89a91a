package org.sluice.net.internal;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;

/**
 * Does something once the framework has started every bundle that it starts with, or at once if it
 * has already. A socket opened earlier would let the first clients in before the bundles are there
 * that offer TLS, ask for a login, or filter. Thread-safe.
 */
final class FrameworkStart implements FrameworkListener {
  private final BundleContext context;
  private final Runnable action;
  private boolean done;

  private FrameworkStart(BundleContext context, Runnable action) {
    this.context = context;
    this.action = action;
  }

  /** Arranges for it; the action runs on the calling thread, or on the framework's for events. */
  static FrameworkStart await(BundleContext context, Runnable action) {
    var start = new FrameworkStart(context, action);
    context.addFrameworkListener(start);
    // After the listener is there: what happens in between is seen twice rather than never.
    if (context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.ACTIVE) {
      start.act();
    }
    return start;
  }

  @Override
  public void frameworkEvent(FrameworkEvent event) {
    if (event.getType() == FrameworkEvent.STARTED) {
      act();
    }
  }

  private synchronized void act() {
    if (!done) {
      done = true;
      context.removeFrameworkListener(this);
      action.run();
    }
  }

  /** Waits for the action if it is under way; else it will not begin. */
  synchronized void cancel() {
    done = true;
    context.removeFrameworkListener(this);
  }
}
