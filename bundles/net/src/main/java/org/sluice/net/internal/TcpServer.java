package org.sluice.net.internal;

import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.net.ConnectionHandler;
import org.sluice.api.net.TlsServer;
import org.sluice.base.OperatorConfig;

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

  private static final Logger LOG = LoggerFactory.getLogger(TcpServer.class);

  /** What sessions of a handler that goes away have left once they are told to go. */
  private static final Duration TOLD = Duration.ofSeconds(10);

  private final BundleContext context;
  private final Settings settings;
  private final Handlers handlers = new Handlers();
  private final TlsKeys tls = new TlsKeys();
  private final RuleFile ruleFile;

  /** Says why this listener cannot listen; null if it can. */
  private final PortFile fault;

  private final Server server; // null if it cannot listen
  private FrameworkStart start;

  @Activate
  public TcpServer(NetConfig config, BundleContext context, Map<String, Object> properties) {
    this.context = context;
    long id = ((Number) properties.get("component.id")).longValue();
    String home = context.getProperty("sluice.home");
    Settings usable = Settings.unusable(Settings.name(config), home, id);
    Identification identification = null;
    PortFile trouble = null;
    try {
      NetConfig checked = OperatorConfig.strict(NetConfig.class, config, properties);
      identification = Identification.of(checked, context.getProperty("sluice.dns"));
      usable = Settings.of(checked, home, id);
    } catch (IllegalArgumentException | UnknownHostException e) {
      // Thrown on, it would be a stack trace in the log, and nothing in the status.
      String why = OperatorConfig.pid(PID, properties) + ": " + e.getMessage();
      LOG.error("{}; this listener does not listen", why);
      trouble = new PortFile(usable.home(), usable.portFile(), ".fault");
      trouble.write(why);
    }
    settings = usable;
    fault = trouble;
    ruleFile = settings.rules() == null ? null : RuleFile.of(settings.rules());
    var rules = ruleFile == null ? RuleSource.NONE : ruleFile;
    server = fault == null ? new Server(settings, handlers, tls, rules, identification) : null;
  }

  @Activate
  void start() {
    if (fault == null) {
      start = FrameworkStart.await(context, server::start);
    }
  }

  @Deactivate
  void stop() {
    if (fault != null) {
      fault.delete();
      return;
    }
    start.cancel();
    server.stop();
    try {
      if (ruleFile != null) {
        ruleFile.close();
      }
    } catch (IOException e) {
      LOG.debug("{}: {}", settings.rules(), e.toString());
    }
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
    if (speaks(properties)) {
      handlers.add(id(properties), ranking(properties), handler);
    }
  }

  void updated(ConnectionHandler handler, Map<String, Object> properties) {
    if (!speaks(properties)) {
      unbind(handler, properties);
    } else if (!handlers.rank(id(properties), ranking(properties))) {
      bind(handler, properties);
    }
  }

  /** Returns when no session uses the handler: until then the framework keeps the service. */
  void unbind(ConnectionHandler handler, Map<String, Object> properties) {
    var sessions = handlers.remove(id(properties));
    String what = settings.name() + ": handler " + id(properties) + " goes away";
    // When all goes down nobody takes over, so waiting for idle clients has no use.
    boolean all = context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING;
    if (all) {
      Drain.run(sessions, what, Duration.ZERO, settings.drain());
    } else {
      Drain.run(sessions, what, settings.drain(), TOLD);
    }
  }

  private boolean speaks(Map<String, Object> properties) {
    Object protocol = properties.get(ConnectionHandler.PROTOCOL);
    if (protocol instanceof String[] several) {
      return Arrays.asList(several).contains(settings.protocol());
    }
    if (protocol instanceof Collection<?> several) {
      return several.contains(settings.protocol());
    }
    return settings.protocol().equals(protocol);
  }

  private static long id(Map<String, Object> properties) {
    return ((Number) properties.get(Constants.SERVICE_ID)).longValue();
  }

  private static int ranking(Map<String, Object> properties) {
    return properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
  }
}
