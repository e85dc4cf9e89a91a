package org.sluice.listeners.pop3.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.sluice.api.pop3.Pop3Extension;
import org.sluice.base.Extension;
import org.sluice.base.ExtensionServices;

/** The extension services of the moment, in order. One that leaves finishes what it holds. */
@Component(service = Extensions.class)
public final class Extensions {
  private final ExtensionServices<Pop3Extension> services;

  /** For the framework. */
  @Activate
  public Extensions(BundleContext context) {
    services = new ExtensionServices<>(context);
  }

  Extensions(ExtensionServices.Grace grace, Duration told, Duration wait) {
    services = new ExtensionServices<>(grace, told, wait);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bind(Pop3Extension service, Map<String, Object> properties) {
    services.add(service, Pop3Extension.NAME, properties);
  }

  /** Returns when no session uses it, or all go on without it. */
  void unbind(Pop3Extension service) {
    services.remove(service);
  }

  /** Those of the moment. */
  List<Extension<Pop3Extension>> present() {
    return services.present();
  }

  /** Those of the moment, when all these are among them; empty if some stay away for a while. */
  Optional<List<Extension<Pop3Extension>>> with(Set<String> names) throws InterruptedException {
    return services.await(names);
  }
}
