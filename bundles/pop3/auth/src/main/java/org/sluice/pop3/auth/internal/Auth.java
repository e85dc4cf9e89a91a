package org.sluice.pop3.auth.internal;

import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.sluice.api.auth.Logins;
import org.sluice.api.pop3.Pop3Dialogue;
import org.sluice.api.pop3.Pop3Extension;
import org.sluice.api.pop3.Pop3Hooks;

/** Lets clients log in by the SASL mechanisms that can be checked. */
@Component(property = Pop3Extension.NAME + "=auth")
public final class Auth implements Pop3Extension {
  /** Without it there is no mechanism; the listener waits for it with every new client. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile Logins logins;

  /** For the framework. */
  @Activate
  public Auth() {
    // The reference is dynamic.
  }

  /** With these logins, for tests. */
  public Auth(Logins logins) {
    this.logins = logins;
  }

  @Override
  public Optional<Pop3Hooks> join(Pop3Dialogue dialogue) {
    return Optional.of(new AuthHooks(dialogue, () -> Optional.ofNullable(logins)));
  }
}
