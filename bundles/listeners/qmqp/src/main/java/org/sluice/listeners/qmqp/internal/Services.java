package org.sluice.listeners.qmqp.internal;

import java.time.InstantSource;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.queue.MailQueue;

/** The services of the moment: while one is away, its clients wait or are told to come again. */
@Component(service = Services.class)
public final class Services {
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile MailQueue queue;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile FilterChain chain;

  private final InstantSource clock;

  /** For the framework. */
  @Activate
  public Services() {
    this.clock = InstantSource.system();
  }

  Services(InstantSource clock, MailQueue queue, FilterChain chain) {
    this.clock = clock;
    this.queue = queue;
    this.chain = chain;
  }

  InstantSource clock() {
    return clock;
  }

  Optional<MailQueue> queue() {
    return Optional.ofNullable(queue);
  }

  Optional<FilterChain> chain() {
    return Optional.ofNullable(chain);
  }
}
