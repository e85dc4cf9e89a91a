package org.sluice.net.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.net.ProxiedClient;
import org.sluice.api.program.ExitCode;
import org.sluice.base.IpText;
import org.sluice.base.TlsKeys;

/** What happens to an accepted connection, in the order of spec 20 section 5.3. */
final class SessionTask implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionTask.class);

  /** How long a client is kept that came while a bundle was being replaced. */
  static final Duration HOLD = Duration.ofSeconds(60);

  /** What the sessions of one listener share. */
  record Listener(
      Settings settings,
      Identification identification,
      Admission admission,
      Handlers handlers,
      TlsKeys tls,
      Proxies proxies,
      ConnectionLog log) {}

  private final Session session;
  private final Listener listener;
  private final Settings settings;
  private final Session.Share share;
  private final Runnable release;

  /**
   * @param share whether the client behind a proxy may have the connection, which counts for it
   *     from then on, and no more for whom it counted before
   * @param release run once, when the connection is closed
   */
  SessionTask(Session session, Listener listener, Session.Share share, Runnable release) {
    this.session = session;
    this.listener = listener;
    this.settings = listener.settings();
    this.share = share;
    this.release = release;
  }

  @Override
  public void run() {
    try (var context = new LogContext(settings.portFile(), session.id())) {
      run(context);
    }
  }

  private void run(LogContext context) {
    long start = System.nanoTime();
    int status = ExitCode.TEMPORARY;
    try {
      listener.log().began(settings, session.number(), session.socket().getInetAddress());
      if (session.begin(Thread.currentThread())) {
        // From the first octet on: who owes the header of PROXY or TLS must not keep others out.
        session.progress().begin();
        if (admitted() && secured() && serve()) {
          status = ExitCode.OK;
        }
      }
    } catch (IOException e) {
      LOG.debug("{}: {}", session.id(), e.toString());
    } catch (InterruptedException e) {
      session.status(status);
      LOG.debug("{}: interrupted", session.id());
    } catch (Throwable e) {
      // A bug in a handler, or a class of it that is gone: the listener lives on.
      session.status(status);
      LOG.warn("{}: handler failed, closing the connection", session.id(), e);
    } finally {
      session.end();
      // The thread is pooled: an interrupt meant for this session must not hit the next one.
      Thread.interrupted();
      try {
        int outcome = session.denied() ? ExitCode.PERMANENT : status;
        int exit = session.denied() ? outcome : session.status().orElse(outcome);
        long lasted = System.nanoTime() - start;
        context.end(exit, lasted);
        listener.log().ended(settings, session.number(), outcome, exit, lasted);
      } finally {
        release.run();
      }
    }
  }

  private boolean admitted() throws IOException, InterruptedException {
    var socket = session.socket();
    Optional<ProxiedClient> proxied = Optional.empty();
    if (settings.proxies().contains(socket.getInetAddress())) {
      var reading = listener.proxies().enter(HOLD);
      if (reading.isEmpty()) {
        LOG.warn("{}: nobody reads the PROXY header, closing", session.id());
        return false;
      }
      proxied = header(reading.get());
      if (!shared(proxied.map(p -> p.client().getAddress()).orElse(socket.getInetAddress()))) {
        return false;
      }
    }
    session.share(this::shared);
    var identification = listener.identification();
    var client =
        proxied.isPresent()
            ? identification.of(proxied.get().server(), proxied.get().client())
            : identification.of(socket);
    try {
      return session.admit(this::decide, client.variables());
    } catch (IOException e) {
      LOG.warn(
          "{}: dropping connection from {}, unable to read {}: {}",
          session.id(),
          client.remoteIp(),
          settings.rules(),
          e.toString());
      return false;
    }
  }

  private Optional<Map<String, String>> decide(Session asking, Map<String, String> tcp)
      throws IOException {
    LogContext.client(tcp.getOrDefault("TCPREMOTEIP", ""));
    var admitted = listener.admission().admit(asking, tcp);
    listener.log().verdict(settings, admitted.isEmpty(), asking.number(), tcp);
    return admitted;
  }

  /** Whether a client behind a proxy may have the connection; if not, it has been told. */
  private boolean shared(InetAddress client) throws IOException {
    boolean admitted = share.take(client);
    if (!admitted) {
      session.deny();
    }
    if (!admitted && (!settings.tls() || session.tls().isPresent())) {
      session.out().write(listener.handlers().refusal());
      session.out().flush();
    }
    return admitted;
  }

  private Optional<ProxiedClient> header(Proxies.Reading reading) throws IOException {
    try (reading) {
      return reading.read(session);
    } catch (ProtocolException e) {
      var proxy = IpText.of(session.socket().getInetAddress());
      LOG.info("{}: {} sent no valid PROXY header: {}", session.id(), proxy, e.getMessage());
      throw e;
    }
  }

  /** Does the handshake where the listener is one for TLS. */
  private boolean secured() throws InterruptedException {
    if (!settings.tls()) {
      return true;
    }
    var keys = listener.tls().await(HOLD);
    if (keys.isEmpty()) {
      LOG.warn("{}: no TLS service, closing", session.id());
      return false;
    }
    try {
      session.startTls(keys.get());
      return true;
    } catch (IOException e) {
      String ip = session.environment().get("TCPREMOTEIP");
      LOG.info("{}: TLS failed with {}: {}", session.id(), ip, e.toString());
      return false;
    }
  }

  /** False if there is nobody to do it. */
  private boolean serve() throws IOException, InterruptedException {
    var handler = listener.handlers().lease(session, HOLD);
    if (handler == null) {
      LOG.warn("{}: nobody speaks {}, closing", session.id(), settings.protocol());
      return false;
    }
    try {
      LOG.debug("{}: from {}", session.id(), session.socket().getRemoteSocketAddress());
      handler.handler().handle(session);
      LOG.debug("{}: end", session.id());
      return true;
    } finally {
      // Closed first: whoever waits for the roster may take it that the client knows.
      session.end();
      handler.sessions().remove(session);
    }
  }
}
