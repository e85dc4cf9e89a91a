package org.sluice.net.internal;

import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
import org.sluice.api.net.ConnectionHandler;
import org.sluice.api.net.TlsServer;

/**
 * One listener. Its socket stays open while handlers come and go. The configuration is a
 * constructor argument because handlers are bound, and chosen by protocol, before activation.
 */
@Component(
    name = TcpServer.PID,
    service = {},
    immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = NetConfig.class, factory = true)
public final class TcpServer {
  static final String PID = "org.sluice.net";

  /** What sessions of a handler that goes away have left once they are told to go. */
  private static final Duration TOLD = Duration.ofSeconds(10);

  private final BundleContext context;
  private final long id;
  private final TlsKeys tls = new TlsKeys();
  private final HandlerServices handlers = new HandlerServices();
  private final RuleFiles rules = new RuleFiles();
  private final Server server;
  private volatile Settings settings;
  private FrameworkStart start;

  @Activate
  public TcpServer(NetConfig config, BundleContext context, Map<String, Object> properties)
      throws UnknownHostException {
    this.context = context;
    id = ((Number) properties.get("component.id")).longValue();
    settings = settings(config);
    server =
        new Server(
            settings,
            handlers.of(settings.protocol()),
            tls,
            rules.use(settings.rules()),
            identification(config));
  }

  @Activate
  void start() {
    start = FrameworkStart.await(context, server::start);
  }

  /**
   * Takes a new configuration without a break: the socket stays, or moves, and nobody is waited
   * for. Throws, and leaves all as it is, if the configuration is wrong.
   */
  @Modified
  void change(NetConfig config) throws UnknownHostException {
    var next = settings(config);
    var identification = identification(config);
    settings = next;
    server.change(next, handlers.of(next.protocol()), rules.use(next.rules()), identification);
  }

  @Deactivate
  void stop() {
    start.cancel();
    handlers.close();
    server.stop();
    rules.close();
  }

  private Settings settings(NetConfig config) {
    return Settings.of(config, context.getProperty("sluice.home"), id);
  }

  private Identification identification(NetConfig config) throws UnknownHostException {
    return Identification.of(config, context.getProperty("sluice.dns"));
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
    drain(handlers.remove(properties), properties);
  }

  private void drain(List<Roster> left, Map<String, Object> properties) {
    var now = settings;
    String what = now.name() + ": handler " + HandlerServices.id(properties) + " goes away";
    // When all goes down nobody takes over, so waiting for idle clients has no use.
    boolean all = context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING;
    for (var sessions : left) { // all but one are empty, as good as always
      if (all) {
        Drain.run(sessions, what, Duration.ZERO, now.drain());
      } else {
        Drain.run(sessions, what, now.drain(), TOLD);
      }
    }
  }
}
