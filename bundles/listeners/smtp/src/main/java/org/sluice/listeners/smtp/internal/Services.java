package org.sluice.listeners.smtp.internal;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.ListenerServices;
import org.sluice.base.LocalAddresses;

/** The services of the moment: while one is away, clients get a 4xx and the sessions go on. */
@Component(service = Services.class)
public final class Services {
  static final Reply AWAY = Reply.of(451, "filters are being replaced, try again (#4.3.2)");

  private final ListenerServices services;
  private final Extensions extensions;
  private final LocalAddresses addresses;

  /** For the framework. */
  @Activate
  public Services(@Reference ListenerServices services, @Reference Extensions extensions) {
    this(services, extensions, LocalAddresses::ofSystem);
  }

  Services(ListenerServices services, Extensions extensions, LocalAddresses addresses) {
    this.services = services;
    this.extensions = extensions;
    this.addresses = addresses;
  }

  LocalAddresses addresses() {
    return addresses;
  }

  InstantSource clock() {
    return services.clock();
  }

  Extensions extensions() {
    return extensions;
  }

  Optional<Control> control() {
    return services.control();
  }

  /** Where the mail of a session with this environment goes. */
  Optional<MailQueue> queue(Map<String, String> environment) {
    return services.queue(environment);
  }

  Verdict connect(Session session) throws InterruptedException {
    var present = services.chain();
    return present.isPresent() ? present.get().connect(session) : Verdict.next();
  }

  Verdict hello(Session session, String name) throws InterruptedException {
    var present = services.chain();
    return present.isPresent() ? present.get().hello(session, name) : Verdict.next();
  }

  /** Empty while the filter chain itself is away: mail must not get past it. */
  Optional<FilterPass> begin(Session session, ReversePath sender) {
    return services.chain().map(present -> present.begin(session, sender));
  }
}
