package org.sluice.net.internal;

import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.net.ClientCounter;
import org.sluice.api.net.ConnectionHandler;
import org.sluice.api.net.ProxyProtocol;
import org.sluice.api.net.TlsServer;
import org.sluice.base.OperatorConfig;
import org.sluice.base.Threads;
import org.sluice.base.TlsKeys;

/**
 * One listener. Its socket stays open while handlers come and go. The configuration is a
 * constructor argument because handlers are bound, and chosen by protocol, before activation.
 */
@Component(
    name = TcpServer.PID,
    service = Counted.class,
    immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = NetConfig.class, factory = true)
public final class TcpServer implements Counted {
  static final String PID = "org.sluice.net";
  private static final Logger LOG = LoggerFactory.getLogger(TcpServer.class);

  /** What sessions of a handler that goes away have left once they are told to go. */
  private static final Duration TOLD = Duration.ofSeconds(10);

  private static final ThreadFactory THREADS = Threads.platform("net-parting-");

  private final Siblings siblings;
  private final BundleContext context;
  private final long id;
  private final TlsKeys tls = new TlsKeys();
  private final Extensions extensions = new Extensions();
  private final HandlerServices handlers = new HandlerServices();
  private final RuleFiles rules = new RuleFiles();

  /** Empty, as the server is, until there is a configuration that can be used. */
  private volatile Optional<Settings> settings = Optional.empty();

  private volatile Optional<Server> server = Optional.empty();

  /** Says why the configuration cannot be used. */
  private Optional<PortFile> fault = Optional.empty();

  private Optional<FrameworkStart> start = Optional.empty();
  private boolean active;

  /** Handlers that are being left, by service. */
  private final Map<Long, FutureTask<Void>> partings = new ConcurrentHashMap<>();

  private final FutureTask<Void> end = new FutureTask<>(this::end, null);
  private final ReentrantLock changing = new ReentrantLock();
  private volatile boolean ending;

  @Activate
  public TcpServer(
      @Reference Siblings siblings,
      NetConfig config,
      BundleContext context,
      Map<String, Object> properties) {
    this.siblings = siblings;
    this.context = context;
    id = ((Number) properties.get("component.id")).longValue();
    change(config, properties);
  }

  @Activate
  void start() {
    active = true;
    start = server.map(made -> FrameworkStart.await(context, made::start));
    siblings.add(this);
  }

  /**
   * Takes a new configuration without a break: the socket stays, or moves, and nobody is waited
   * for. One that cannot be used is logged, named in the status, and leaves all as it is.
   */
  @Modified
  void change(NetConfig config, Map<String, Object> properties) {
    changing.lock();
    try {
      if (!ending) {
        apply(config, properties);
      }
    } finally {
      changing.unlock();
    }
  }

  private void apply(NetConfig config, Map<String, Object> properties) {
    fault.ifPresent(PortFile::delete);
    fault = Optional.empty();
    String home = context.getProperty("sluice.home");
    Settings next;
    Identification identification;
    try {
      NetConfig checked = OperatorConfig.strict(NetConfig.class, config, properties);
      identification = Identification.of(checked, context.getProperty("sluice.dns"));
      next = Settings.of(checked, home, id);
    } catch (IllegalArgumentException | UnknownHostException e) {
      // Thrown on, it would be a stack trace in the log, and nothing in the status.
      String why = OperatorConfig.pid(PID, properties) + ": " + e.getMessage();
      String instead =
          server.isPresent() ? "what was configured before stays" : "this listener does not listen";
      LOG.error("{}; {}", why, instead);
      var file = new PortFile(Settings.base(home), Settings.name(config), ".fault");
      file.write(why);
      fault = Optional.of(file);
      return;
    }
    settings = Optional.of(next);
    Handlers speakers = handlers.of(next.protocol());
    if (server.isPresent()) {
      server.get().change(next, speakers, rules.use(next.rules()), identification);
    } else {
      server =
          Optional.of(
              new Server(next, speakers, tls, extensions, rules.use(next.rules()), identification));
      if (active) {
        start();
      }
    }
  }

  @Override
  public String counts() {
    return server.map(Server::counts).orElseGet(() -> "listener=%d address=none".formatted(id));
  }

  @Deactivate
  void stop() {
    if (stopping(context.getBundle()) || stopping(context.getBundle(Constants.SYSTEM_BUNDLE_ID))) {
      // They are going to be told the same, but only when this one has waited for its clients.
      siblings.of(this).forEach(other -> THREADS.newThread(other.end).start());
    }
    finish(end);
    siblings.remove(this);
  }

  private static boolean stopping(Bundle bundle) {
    return bundle.getState() == Bundle.STOPPING;
  }

  /** Does it, or waits for who does it already. */
  private void finish(FutureTask<Void> task) {
    task.run();
    try {
      task.get();
    } catch (InterruptedException e) {
      task.cancel(true); // sessions are cut then
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      LOG.error("listener {}: not drained", id, e.getCause());
    }
  }

  /** Perhaps on the thread of another listener's end. */
  private void end() {
    changing.lock();
    ending = true;
    changing.unlock();
    fault.ifPresent(PortFile::delete);
    start.ifPresent(FrameworkStart::cancel);
    handlers.close();
    server.ifPresent(Server::stop);
    rules.close();
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindTls(TlsServer service) {
    tls.set(service);
  }

  /** Sessions that have TLS already do not need the service any more. */
  void unbindTls(TlsServer service) {
    tls.unset(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindClients(ClientCounter service) {
    extensions.clients().bind(service);
  }

  void unbindClients(ClientCounter service) {
    extensions.clients().unbind(service);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindProxies(ProxyProtocol service) {
    extensions.proxies().bind(service);
  }

  /** Returns when no header is read by the service: until then the framework keeps it. */
  void unbindProxies(ProxyProtocol service) {
    if (!ending) { // else it is this listener that goes, and the service stays
      siblings.of(this).forEach(other -> THREADS.newThread(() -> other.leave(service)).start());
    }
    leave(service);
  }

  private void leave(ProxyProtocol service) {
    extensions.proxies().unbind(service);
  }

  @Reference(
      name = "handler",
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      updated = "updated",
      unbind = "unbind")
  void bind(ConnectionHandler handler, Map<String, Object> properties) {
    drain(handlers.put(handler, properties), properties);
  }

  void updated(ConnectionHandler handler, Map<String, Object> properties) {
    drain(handlers.put(handler, properties), properties);
  }

  /** Returns when no session uses the handler: until then the framework keeps the service. */
  void unbind(ConnectionHandler handler, Map<String, Object> properties) {
    if (!ending) { // else it is this listener that goes, and the handler stays
      siblings.of(this).forEach(other -> THREADS.newThread(other.parting(properties)).start());
    }
    finish(parting(properties));
    partings.remove(HandlerServices.id(properties));
  }

  private FutureTask<Void> parting(Map<String, Object> properties) {
    return partings.computeIfAbsent(
        HandlerServices.id(properties),
        service -> new FutureTask<>(() -> drain(handlers.remove(properties), properties), null));
  }

  private void drain(List<Roster> left, Map<String, Object> properties) {
    if (settings.isEmpty()) {
      return; // there were no sessions
    }
    var now = settings.get();
    String what = now.name() + ": handler " + HandlerServices.id(properties) + " goes away";
    // When all goes down nobody takes over, so waiting for idle clients has no use.
    boolean all = stopping(context.getBundle(Constants.SYSTEM_BUNDLE_ID));
    for (var sessions : left) { // all but one are empty, as good as always
      if (all) {
        Drain.run(sessions, what, Duration.ZERO, now.drain());
      } else {
        Drain.run(sessions, what, now.drain(), TOLD);
      }
    }
  }
}
