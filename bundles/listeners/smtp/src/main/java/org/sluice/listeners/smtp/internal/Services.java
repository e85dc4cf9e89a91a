package org.sluice.listeners.smtp.internal;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.sluice.api.control.Control;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.queue.MailQueue;

/** The services of the moment: while one is away, clients get a 4xx and the sessions go on. */
@Component(service = Services.class)
public final class Services {
  static final Reply AWAY = Reply.of(451, "filters are being replaced, try again (#4.3.2)");

  private final AtomicReference<Optional<Control>> control;
  private final AtomicReference<Optional<MailQueue>> queue;
  private final AtomicReference<Optional<FilterChain>> chain;
  private final Clock clock;
  private final Extensions extensions;

  /** For the framework. */
  @Activate
  public Services(@Reference Extensions extensions) {
    this(Clock.systemUTC(), extensions, Optional.empty(), Optional.empty(), Optional.empty());
  }

  Services(
      Clock clock,
      Extensions extensions,
      Optional<Control> control,
      Optional<MailQueue> queue,
      Optional<FilterChain> chain) {
    this.clock = clock;
    this.extensions = extensions;
    this.control = new AtomicReference<>(control);
    this.queue = new AtomicReference<>(queue);
    this.chain = new AtomicReference<>(chain);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindControl(Control service) {
    control.set(Optional.of(service));
  }

  void unbindControl(Control service) {
    control.updateAndGet(present -> present.filter(p -> p != service));
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindQueue(MailQueue service) {
    queue.set(Optional.of(service));
  }

  void unbindQueue(MailQueue service) {
    queue.updateAndGet(present -> present.filter(p -> p != service));
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindChain(FilterChain service) {
    chain.set(Optional.of(service));
  }

  void unbindChain(FilterChain service) {
    chain.updateAndGet(present -> present.filter(p -> p != service));
  }

  Clock clock() {
    return clock;
  }

  Extensions extensions() {
    return extensions;
  }

  Optional<Control> control() {
    return control.get();
  }

  Optional<MailQueue> queue() {
    return queue.get();
  }

  Verdict connect(Session session) throws InterruptedException {
    var present = chain.get();
    return present.isPresent() ? present.get().connect(session) : Verdict.next();
  }

  Verdict hello(Session session, String name) throws InterruptedException {
    var present = chain.get();
    return present.isPresent() ? present.get().hello(session, name) : Verdict.next();
  }

  /** Empty while the filter chain itself is away: mail must not get past it. */
  Optional<FilterPass> begin(Session session, ReversePath sender) {
    return chain.get().map(present -> present.begin(session, sender));
  }
}
