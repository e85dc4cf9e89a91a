package org.sluice.plugins.internal;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;

/** Has the framework wire bundles anew. */
final class Refresh {
  private Refresh() {}

  /** Returns when it is done, or after a minute. */
  static void of(BundleContext context, Collection<Bundle> bundles) throws InterruptedException {
    Set<Bundle> all = new HashSet<>(bundles);
    bundles.forEach(bundle -> all.addAll(hosts(context, bundle)));
    var done = new CountDownLatch(1);
    wiring(context).refreshBundles(all, event -> done.countDown());
    done.await(1, TimeUnit.MINUTES);
  }

  /** For the first time; those that cannot be stay as they are. */
  static void resolve(BundleContext context, Collection<Bundle> bundles) {
    wiring(context).resolveBundles(bundles);
  }

  private static FrameworkWiring wiring(BundleContext context) {
    return context.getBundle(Constants.SYSTEM_BUNDLE_ID).adapt(FrameworkWiring.class);
  }

  /** Whom a fragment belongs to; none if it is none. */
  static Set<Bundle> hosts(BundleContext context, Bundle bundle) {
    Set<Bundle> hosts = new HashSet<>();
    String header = bundle.getHeaders().get(Constants.FRAGMENT_HOST);
    String name = header == null ? "" : header.split(";", 2)[0].strip();
    for (Bundle other : context.getBundles()) {
      if (name.equals(other.getSymbolicName())) {
        hosts.add(other);
      }
    }
    return hosts;
  }
}
