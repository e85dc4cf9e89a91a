package org.sluice.listeners.pop3.internal;

import java.time.InstantSource;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.sluice.api.auth.Logins;
import org.sluice.api.control.Control;

/** The services of the moment: while one is away, sessions go on without it. */
@Component(service = Services.class)
public final class Services {
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile Control control;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile Logins logins;

  private final InstantSource clock;
  private final Extensions extensions;

  /** For the framework. */
  @Activate
  public Services(@Reference Extensions extensions) {
    this.clock = InstantSource.system();
    this.extensions = extensions;
  }

  Services(
      InstantSource clock,
      Optional<Control> control,
      Optional<Logins> logins,
      Extensions extensions) {
    this.clock = clock;
    this.control = control.orElse(null);
    this.logins = logins.orElse(null);
    this.extensions = extensions;
  }

  InstantSource clock() {
    return clock;
  }

  Optional<Control> control() {
    return Optional.ofNullable(control);
  }

  Optional<Logins> logins() {
    return Optional.ofNullable(logins);
  }

  Extensions extensions() {
    return extensions;
  }
}
