package org.sluice.tcp.limits.internal;

import org.osgi.service.component.annotations.Component;
import org.sluice.api.net.ClientCounter;
import org.sluice.api.net.ClientLimits;

/** Counts each listener's clients in memory, for itself. */
@Component
public final class ListenerCounter implements ClientCounter {
  @Override
  public Counts open(ClientLimits limits) {
    return new ListenerCounts(limits, System::nanoTime);
  }
}
