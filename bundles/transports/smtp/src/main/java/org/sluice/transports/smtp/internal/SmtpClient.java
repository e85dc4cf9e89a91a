package org.sluice.transports.smtp.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.sluice.api.control.Control;
import org.sluice.base.LocalAddresses;
import org.sluice.base.SystemError;
import org.sluice.base.Threads;
import org.sluice.dns.DnsJavaResolver;
import org.sluice.dns.DnsResolver;

/**
 * qmail-remote: finds the server, talks to it, and reports (spec 30 section 2). Both doors of this
 * bundle share it, and with it the table of timeouts. Thread-safe.
 */
@Component(service = SmtpClient.class, immediate = true)
public final class SmtpClient {
  /** For other processes that have the table of timeouts locked: a delivery can do without it. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Control control;
  private final HostLookup lookup;
  private final TlsClient tls;
  private final ConnectTimeouts timeouts;
  private final ScheduledThreadPoolExecutor timer;
  private final IdleConnections idle;

  /**
   * Takes its name servers from the framework property {@code sluice.dns} (host:port), else from
   * the system; {@code sluice.ipv6=false} turns IPv6 look-ups off.
   */
  @Activate
  public SmtpClient(BundleContext context, @Reference Control control, @Reference TlsClient tls)
      throws IOException {
    this(
        control,
        tls,
        DnsJavaResolver.configured(context.getProperty("sluice.dns")),
        LocalAddresses::ofSystem,
        !"false".equals(context.getProperty("sluice.ipv6")));
  }

  SmtpClient(Control control, DnsResolver dns, LocalAddresses own, boolean ipv6) {
    this(control, new TlsClient(control.home(), "", false), dns, own, ipv6);
  }

  SmtpClient(Control control, TlsClient tls, DnsResolver dns, LocalAddresses own, boolean ipv6) {
    this.control = control;
    this.tls = tls;
    this.lookup = new HostLookup(dns, own, ipv6);
    this.timeouts = new ConnectTimeouts(control.home(), InstantSource.system(), PATIENCE);
    this.timer = new ScheduledThreadPoolExecutor(1, Threads.platform("smtp-client-timer-"));
    timer.setRemoveOnCancelPolicy(true);
    this.idle = new IdleConnections(timer, System::nanoTime);
  }

  /** Ends the idle connections. */
  @Deactivate
  public void close() {
    idle.close();
    timer.shutdownNow();
  }

  /** Forgets all timeouts. */
  void clearTimeouts() {
    timeouts.clear();
  }

  /**
   * Sends.
   *
   * @param keep whether connections may be reused, which the report does not show
   */
  Reports send(Mail mail, boolean keep) {
    var out = new Reports();
    try {
      send(mail, keep, out);
    } catch (RemoteFailure e) {
      out.add(e.report());
    }
    return out;
  }

  private void send(Mail mail, boolean keep, Reports out) throws RemoteFailure {
    RemoteSettings settings = RemoteSettings.read(control);
    Route route = Route.find(settings.routes(), mail.host());
    List<HostLookup.Target> targets = lookup.find(route);
    if (mail.options().requireTls()) {
      securely(SecureOpening.of(tls, route, mail), targets, settings, mail, keep, out);
      return;
    }
    for (HostLookup.Target target : targets) {
      var server = new InetSocketAddress(target.address(), route.port());
      var key = new IdleConnections.Key(server, settings.helo(), mail.extended(), Optional.empty());
      if (keep && resume(key, settings, mail, out)) {
        return;
      }
      SmtpConnection connection = connect(server, settings);
      if (connection != null) {
        boolean again = false;
        try {
          connection.timeout(settings.remoteMillis());
          again = new RemoteDialogue(connection, mail, out, keep).begin(settings.helo());
        } catch (IOException e) {
          throw RemoteFailure.died(connection.ip(), false, e);
        } finally {
          done(key, connection, again);
        }
        return;
      }
    }
    throw RemoteFailure.noConnection();
  }

  /** To the first server to which the sender would entrust the message. */
  private void securely(
      SecureOpening opening,
      List<HostLookup.Target> targets,
      RemoteSettings settings,
      Mail mail,
      boolean keep,
      Reports out)
      throws RemoteFailure {
    // Reports are not worth a kind of their own among the kept connections.
    boolean kept = keep && !opening.report();
    var why = new ArrayList<RemoteFailure>();
    for (HostLookup.Target target : targets) {
      Optional<RemoteFailure> hindrance = opening.objection(target);
      if (hindrance.isEmpty()) {
        hindrance = securely(opening, target, settings, mail, kept, out);
      }
      if (hindrance.isEmpty()) {
        return;
      }
      why.add(hindrance.get());
    }
    throw why.stream().filter(RemoteFailure::temporary).findFirst().orElse(why.get(0));
  }

  /** Why it has not come to MAIL; empty if it has, and all is reported. */
  private Optional<RemoteFailure> securely(
      SecureOpening opening,
      HostLookup.Target target,
      RemoteSettings settings,
      Mail mail,
      boolean keep,
      Reports out)
      throws RemoteFailure {
    var server = new InetSocketAddress(target.address(), opening.route().port());
    var key = new IdleConnections.Key(server, settings.helo(), true, Optional.of(target.name()));
    if (keep && resume(key, settings, mail, out)) {
      return Optional.empty();
    }
    SmtpConnection connection = connect(server, settings);
    if (connection == null) {
      return Optional.of(RemoteFailure.noConnection());
    }
    boolean again = false;
    try {
      Optional<RemoteFailure> hindrance = opening.open(connection, target.name(), settings);
      if (hindrance.isEmpty()) {
        again = new RemoteDialogue(connection, mail, out, keep).proceed();
      } else {
        connection.quit();
      }
      return hindrance;
    } finally {
      done(key, connection, again);
    }
  }

  /** Over kept connections, if any still lives; whether that was it. */
  private boolean resume(IdleConnections.Key key, RemoteSettings settings, Mail mail, Reports out)
      throws RemoteFailure {
    SmtpConnection kept = idle.take(key);
    if (kept == null) {
      return false;
    }
    boolean again = false;
    try {
      kept.timeout(settings.remoteMillis());
      again = new RemoteDialogue(kept, mail, out, true).resume();
      return true;
    } catch (IOException | RemoteDialogue.Stale e) {
      return false; // nothing has been said yet: a new connection starts over
    } finally {
      done(key, kept, again);
    }
  }

  private void done(IdleConnections.Key key, SmtpConnection connection, boolean again) {
    if (again) {
      idle.put(key, connection);
    } else {
      connection.close();
    }
  }

  /** Null if this address is to be passed over. */
  private SmtpConnection connect(InetSocketAddress server, RemoteSettings settings) {
    InetAddress address = server.getAddress();
    ConnectTimeouts.Advice advice = timeouts.ask(address, settings.spread());
    if (advice == ConnectTimeouts.Advice.SKIP) {
      return null;
    }
    try {
      SmtpConnection connection = SmtpConnection.open(server, settings.connectMillis(), timer);
      timeouts.answered(address, advice);
      return connection;
    } catch (IOException e) {
      if (e instanceof SocketTimeoutException || SystemError.text(e).equals("timed out")) {
        timeouts.timedOut(address);
      } else {
        timeouts.answered(address, advice);
      }
      return null;
    }
  }
}
