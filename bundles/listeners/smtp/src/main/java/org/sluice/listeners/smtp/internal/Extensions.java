package org.sluice.listeners.smtp.internal;

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
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.base.Extension;
import org.sluice.base.ExtensionServices;

/** The extension services of the moment, in order. One that leaves finishes what it holds. */
@Component(service = Extensions.class)
public final class Extensions {
  /** The variable: names of extensions without which the listener must not serve. */
  private static final String REQUIRED = "SMTPEXTENSIONS";

  private final ExtensionServices<SmtpExtension> services;

  /** For the framework. */
  @Activate
  public Extensions(BundleContext context) {
    services = new ExtensionServices<>(context);
  }

  Extensions(ExtensionServices.Grace grace, Duration told) {
    services = new ExtensionServices<>(grace, told);
  }

  Extensions(ExtensionServices.Grace grace, Duration told, Duration wait) {
    services = new ExtensionServices<>(grace, told, wait);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void bind(SmtpExtension service, Map<String, Object> properties) {
    services.add(service, SmtpExtension.NAME, properties);
  }

  /** Returns when no session uses it, or has been told to go, or the time is up. */
  void unbind(SmtpExtension service) {
    services.remove(service);
  }

  /** Those of the moment. */
  List<Extension<SmtpExtension>> present() {
    return services.present();
  }

  /**
   * Those that a session with this environment has from now on: none that its listener must not
   * serve without is missing.
   *
   * @throws SessionEnd if one of these is still away after a while
   */
  List<Extension<SmtpExtension>> of(Map<String, String> environment)
      throws SessionEnd, InterruptedException {
    return services
        .await(required(environment))
        .orElseThrow(
            () -> new SessionEnd("421 an extension is being replaced, try again (#4.3.2)", 1));
  }

  /** Names of those without which a session with this environment must not be. */
  static Set<String> required(Map<String, String> environment) {
    return ExtensionServices.names(environment.getOrDefault(REQUIRED, ""));
  }

  /** Waits until extensions of all these names are there; empty if the time is up first. */
  Optional<List<Extension<SmtpExtension>>> await(Set<String> names, Duration limit)
      throws InterruptedException {
    return services.await(names, limit);
  }
}
