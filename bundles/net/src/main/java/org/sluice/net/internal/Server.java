package org.sluice.net.internal;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.IpText;
import org.sluice.base.SessionThreads;
import org.sluice.base.TlsKeys;

/**
 * Binds, accepts, and runs a {@link SessionTask} for each connection; one thread at a time accepts.
 * While there is no handler, or a bundle is away that the settings ask for, nothing is accepted.
 * While there is no free slot one client waits accepted, so that it is known that somebody waits,
 * and the others in the backlog of the socket.
 */
final class Server {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final long BIND_RETRY_MILLIS = 5_000;
  private static final long ACCEPT_RETRY_MILLIS = 100;
  private static final int PLATFORM_THREADS = 128;

  private final TlsKeys tls;
  private final long bindRetryMillis;
  private final Duration window;
  private final Slots slots;
  private final Extensions extensions;
  private final Absence absence = new Absence();
  private final Port port;
  private final Roster sessions = new Roster();
  private final ConnectionLog log = new ConnectionLog();
  private final SessionThreads threads;
  private final Watchdog watchdog;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch acceptsNoMore = new CountDownLatch(1);
  private final AtomicLong number = new AtomicLong();
  private final Repeated failing = new Repeated();
  private volatile Setup setup;
  private volatile boolean started;

  Server(
      Settings settings,
      Handlers handlers,
      TlsKeys tls,
      Extensions extensions,
      RuleSource rules,
      Identification identification) {
    this(
        settings,
        handlers,
        tls,
        extensions,
        rules,
        identification,
        BIND_RETRY_MILLIS,
        Eviction.WINDOW);
  }

  Server(
      Settings settings,
      Handlers handlers,
      TlsKeys tls,
      Extensions extensions,
      RuleSource rules,
      Identification identification,
      long bindRetryMillis,
      Duration window) {
    this.tls = tls;
    this.extensions = extensions;
    this.bindRetryMillis = bindRetryMillis;
    this.window = window;
    setup = Setup.of(listener(settings, handlers, rules, identification), window);
    slots = new Slots(settings.limit());
    extensions.clients().limits(settings.perClient());
    port = new Port(settings, bindRetryMillis);
    threads = new SessionThreads("net-" + settings.name() + "-", PLATFORM_THREADS);
    watchdog =
        new Watchdog(
            settings.name(),
            sessions,
            here -> {
              setup.eviction().look(here, slots.awaited());
              if (started) {
                var now = setup.settings();
                absence.look(now, extensions.missing(now), System.nanoTime());
              }
            });
  }

  private SessionTask.Listener listener(
      Settings settings, Handlers handlers, RuleSource rules, Identification identification) {
    return new SessionTask.Listener(
        settings,
        identification,
        Admission.of(settings, rules),
        handlers,
        tls,
        extensions.proxies(),
        log);
  }

  /** Tries to bind once before it returns, and goes on trying if that failed. */
  void start() {
    started = true;
    port.bind();
    log.listening(setup.settings());
    threads.start(this::run);
  }

  /**
   * From now on what is accepted has these settings; the socket stays open if its address and port
   * do. Sessions go on with what they began with, count for the new limits, and are drained by
   * {@link #stop}. Waits for nobody. One thread at a time, also before {@link #start}.
   */
  void change(
      Settings settings, Handlers handlers, RuleSource rules, Identification identification) {
    setup = Setup.of(listener(settings, handlers, rules, identification), window);
    slots.limit(settings.limit());
    extensions.clients().limits(settings.perClient());
    port.move(settings);
  }

  /** Names and numbers of its connections. */
  String counts() {
    var settings = setup.settings();
    var here = address();
    return "listener=%s address=%s limit=%d %s"
        .formatted(
            settings.portFile(),
            here == null ? "none" : PortFile.text(here),
            settings.limit(),
            log.tally());
  }

  /** Where it listens; null while it could not bind. */
  InetSocketAddress address() {
    var socket = port.socket();
    return socket == null ? null : (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** Closes the listening socket, tells idle sessions at once, gives the others the drain time. */
  void stop() {
    stopped.countDown();
    setup.handlers().close();
    extensions.close();
    port.close();
    absence.close();
    try {
      if (started && !acceptsNoMore.await(5, TimeUnit.SECONDS)) {
        LOG.warn("{}: still accepting", name());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the drain below then cuts at once
    }
    Drain.run(sessions, name(), Duration.ZERO, setup.settings().drain());
    threads.shutdown();
    watchdog.close();
  }

  private String name() {
    return setup.settings().name();
  }

  /** Accepts until there is a session for this thread, and another goes on; then serves that. */
  private void run() {
    Optional<Runnable> own = Optional.empty();
    while (own.isEmpty() && stopped.getCount() > 0) {
      try {
        own = round();
      } catch (Throwable e) { // whatever it is, it must not end the listener
        goOn(e);
      }
    }
    if (own.isEmpty()) {
      acceptsNoMore.countDown();
    }
    own.ifPresent(Runnable::run);
  }

  private Optional<Runnable> round() throws IOException, InterruptedException {
    var listening = port.socket();
    if (listening == null) {
      port.bind(); // at once: it may be a socket that this thread has kept open by being in it
      if (port.socket() == null) {
        stopped.await(bindRetryMillis, TimeUnit.MILLISECONDS);
      }
    } else if (setup.handlers().await(POLL) && extensions.await(setup.settings(), POLL)) {
      var own = accept(listening);
      failing.over();
      return own;
    }
    return Optional.empty();
  }

  /** No descriptor, memory or thread may be left, which passes when a session ends. */
  private void goOn(Throwable failure) {
    try {
      if (stopped.getCount() > 0) {
        if (failing.isNew(failure)) {
          LOG.error("{}: unable to accept, going on: {}", name(), failure.toString());
        }
        Thread.interrupted(); // an interrupt is for a session that this thread has served before
        stopped.await(ACCEPT_RETRY_MILLIS, TimeUnit.MILLISECONDS);
        port.bind(); // an interrupt in accept() closes the socket
      }
    } catch (Throwable e) {
      failing.over(); // not even that was possible: the next round says more
    }
  }

  /**
   * Accepts one connection, and waits for a slot if it is let in.
   *
   * @return the session if this thread is to serve it
   */
  private Optional<Runnable> accept(ServerSocket listening)
      throws IOException, InterruptedException {
    Socket socket = null;
    boolean passed = false;
    try {
      socket = next(listening);
      if (socket == null || !attended()) {
        return Optional.empty();
      }
      var accepting = setup; // after it came: it may have been waited for since long before
      var settings = accepting.settings();
      InetAddress address = socket.getInetAddress();
      boolean proxy = settings.proxies().contains(address); // counted when it says for whom
      var place = new CountedClients.Place();
      if (proxy || admit(accepting, place, address)) {
        passed = true;
        return begin(accepting, socket, place);
      }
      log.refused();
      if (!settings.tls()) {
        refuse(accepting, socket);
      }
    } finally {
      if (!passed) {
        close(socket);
      }
    }
    return Optional.empty();
  }

  /** The next connection; null if there is another socket meanwhile, or none any more. */
  private Socket next(ServerSocket listening) throws IOException {
    try {
      return listening.accept();
    } catch (IOException e) {
      if (stopped.getCount() > 0 && listening == port.socket()) {
        throw e;
      }
      LOG.debug("{}: {}", name(), e.toString());
      return null;
    }
  }

  /**
   * Waits until what the settings ask for is there, which may have gone just now; false if the
   * server stops first.
   */
  private boolean attended() throws InterruptedException {
    boolean there = extensions.await(setup.settings(), Duration.ZERO);
    while (!there && stopped.getCount() > 0) {
      there = extensions.await(setup.settings(), POLL);
    }
    return there;
  }

  private void refuse(Setup accepting, Socket socket) {
    try {
      // It fits into the empty buffer of a new connection: nothing waits here.
      socket.getOutputStream().write(accepting.handlers().refusal());
    } catch (IOException e) {
      LOG.debug("{}: the client is gone: {}", name(), e.toString());
    }
  }

  private boolean admit(Setup accepting, CountedClients.Place place, InetAddress address)
      throws IOException {
    var refusal = extensions.clients().admit(place, address, SessionTask.HOLD);
    refusal.ifPresent(
        why -> LOG.info("{}: {} {}", accepting.settings().name(), why, IpText.of(address)));
    return refusal.isEmpty();
  }

  /** Takes a slot, however long that takes; false if the server stops first. */
  private boolean place() throws InterruptedException {
    boolean placed = slots.acquire(Duration.ZERO);
    while (!placed && stopped.getCount() > 0) {
      placed = slots.acquire(POLL);
    }
    return placed;
  }

  /** Finds a thread for an admitted connection, or takes all of it back and closes it. */
  private Optional<Runnable> begin(Setup accepting, Socket socket, CountedClients.Place place)
      throws IOException, InterruptedException {
    Session session = null;
    boolean placed = false;
    boolean started = false;
    try {
      placed = place();
      if (!placed) {
        return Optional.empty();
      }
      // Replies go out in one write; waiting for more only delays them.
      socket.setTcpNoDelay(true);
      var settings = accepting.settings();
      String id = settings.name() + "-" + number.incrementAndGet();
      session = new Session(id, socket, settings.timeout());
      sessions.add(session);
      Session added = session;
      var task =
          new SessionTask(
              session,
              accepting.listener(),
              client -> admit(accepting, place, client),
              () -> release(added, place));
      Optional<Runnable> own = threads.place(task, this::run);
      started = true;
      return own;
    } finally {
      if (!started) {
        extensions.clients().leave(place);
        if (placed) {
          slots.release();
        }
        if (session != null) {
          sessions.remove(session);
        }
        close(socket);
      }
    }
  }

  private void release(Session session, CountedClients.Place place) {
    extensions.clients().leave(place);
    slots.release();
    sessions.remove(session);
  }

  private void close(Closeable socket) {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      LOG.debug("{}: close: {}", name(), e.toString());
    }
  }
}
