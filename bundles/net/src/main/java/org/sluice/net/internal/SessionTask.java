package org.sluice.net.internal;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to an accepted connection, in the order of spec 20 section 5.3. */
final class SessionTask implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionTask.class);

  /** How long a client is kept that came while its handler was being replaced. */
  private static final Duration HOLD = Duration.ofSeconds(60);

  private final Session session;
  private final Settings settings;
  private final Identification identification;
  private final Admission admission;
  private final Handlers handlers;
  private final Runnable release;

  /**
   * @param release run once, when the connection is closed
   */
  SessionTask(
      Session session,
      Settings settings,
      Identification identification,
      Admission admission,
      Handlers handlers,
      Runnable release) {
    this.session = session;
    this.settings = settings;
    this.identification = identification;
    this.admission = admission;
    this.handlers = handlers;
    this.release = release;
  }

  @Override
  public void run() {
    try {
      if (session.begin(Thread.currentThread()) && admitted()) {
        serve();
      }
    } catch (IOException e) {
      LOG.debug("{}: {}", session.id(), e.toString());
    } catch (InterruptedException e) {
      LOG.debug("{}: interrupted", session.id());
    } catch (RuntimeException | Error e) {
      // A bug in a handler, or a class of it that is gone: the listener lives on.
      LOG.warn("{}: handler failed, closing the connection", session.id(), e);
    } finally {
      session.end();
      // The thread is pooled: an interrupt meant for this session must not hit the next one.
      Thread.interrupted();
      release.run();
    }
  }

  private boolean admitted() {
    var client = identification.of(session.socket());
    try {
      return session.admit(admission, client.variables());
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

  private void serve() throws IOException, InterruptedException {
    var handler = handlers.lease(session, HOLD);
    if (handler == null) {
      LOG.warn("{}: nobody speaks {}, closing", session.id(), settings.protocol());
      return;
    }
    try {
      LOG.debug("{}: from {}", session.id(), session.socket().getRemoteSocketAddress());
      handler.handler().handle(session);
      LOG.debug("{}: end", session.id());
    } finally {
      // Closed first: whoever waits for the roster may take it that the client knows.
      session.end();
      handler.sessions().remove(session);
    }
  }
}
