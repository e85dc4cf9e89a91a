package org.sluice.base;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.sluice.api.control.Control;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.program.ProgramHost;
import org.sluice.api.queue.MailQueue;
import org.sluice.base.program.ExternalQueue;
import org.sluice.base.program.SearchPath;

/**
 * What listeners need, as it is at the moment: a session outlives the services that it began with.
 * A service itself. Thread-safe.
 */
@Component(service = ListenerServices.class)
public final class ListenerServices {
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile Control control;

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

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile ProgramHost programs;

  private final InstantSource clock;
  private final SearchPath path;

  /** For the framework. */
  @Activate
  public ListenerServices(BundleContext context) {
    this.clock = InstantSource.system();
    this.path = SearchPath.of(context.getProperty("sluice.dist"));
  }

  /** With what is there for good. */
  public ListenerServices(
      InstantSource clock,
      Optional<Control> control,
      Optional<MailQueue> queue,
      Optional<FilterChain> chain,
      Optional<ProgramHost> programs) {
    this.clock = clock;
    this.path = new SearchPath(Optional.empty());
    this.control = control.orElse(null);
    this.queue = queue.orElse(null);
    this.chain = chain.orElse(null);
    this.programs = programs.orElse(null);
  }

  /** The time. */
  public InstantSource clock() {
    return clock;
  }

  /** The control files. */
  public Optional<Control> control() {
    return Optional.ofNullable(control);
  }

  /** The filters; while they are away no mail must get past. */
  public Optional<FilterChain> chain() {
    return Optional.ofNullable(chain);
  }

  /**
   * Where the mail of a connection goes: to the program that QMAILQUEUE names in its environment,
   * else into the server's own queue (spec 20 section 1.6).
   */
  public Optional<MailQueue> queue(Map<String, String> environment) {
    String program = environment.get("QMAILQUEUE");
    if (program == null) {
      return Optional.ofNullable(queue);
    }
    var host = Optional.ofNullable(programs);
    var home = control().map(Control::home);
    if (host.isEmpty() || home.isEmpty()) {
      return Optional.empty();
    }
    // A program may use ours, which ask this server.
    Map<String, String> given = new HashMap<>(path.in(environment));
    given.putIfAbsent("SLUICE_HOME", home.get().toString());
    return Optional.of(
        new ExternalQueue(
            program, argv -> host.get().execution(argv).environment(given).directory(home.get())));
  }
}
