package org.sluice.net.internal;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.base.IpText;
import org.sluice.base.SessionThreads;

/**
 * Binds, accepts, and runs a {@link SessionTask} for each connection; one thread at a time accepts.
 * While there is no handler nothing is accepted. While there is no free slot one client waits
 * accepted, so that it is known that somebody waits, and the others in the backlog of the socket.
 */
final class Server {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final long BIND_RETRY_MILLIS = 5_000;
  private static final long ACCEPT_RETRY_MILLIS = 100;
  private static final int PLATFORM_THREADS = 128;

  private final Settings settings;
  private final Handlers handlers;
  private final SessionTask.Listener listener;
  private final long bindRetryMillis;
  private final Slots slots;
  private final ClientRates rates;
  private final PortFile portFile;
  private final Roster sessions = new Roster();
  private final ConnectionLog log = new ConnectionLog();
  private final SessionThreads threads;
  private final Watchdog watchdog;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch acceptsNoMore = new CountDownLatch(1);
  private final AtomicLong number = new AtomicLong();
  private volatile ServerSocket listening;
  private boolean bindFailed;
  private boolean acceptFailed;

  Server(
      Settings settings,
      Handlers handlers,
      TlsKeys tls,
      RuleSource rules,
      Identification identification) {
    this(settings, handlers, tls, rules, identification, BIND_RETRY_MILLIS, Eviction.WINDOW);
  }

  Server(
      Settings settings,
      Handlers handlers,
      TlsKeys tls,
      RuleSource rules,
      Identification identification,
      long bindRetryMillis,
      Duration window) {
    this.settings = settings;
    this.handlers = handlers;
    listener =
        new SessionTask.Listener(
            settings, identification, Admission.of(settings, rules), handlers, tls, log);
    this.bindRetryMillis = bindRetryMillis;
    slots = new Slots(settings.limit(), settings.perAddressLimit());
    rates = new ClientRates(settings.perAddressRate(), System::nanoTime);
    portFile = new PortFile(settings.home(), settings.portFile());
    threads = new SessionThreads("net-" + settings.name() + "-", PLATFORM_THREADS);
    var eviction = new Eviction(settings.limit(), settings.leastRate(), window, System::nanoTime);
    watchdog =
        new Watchdog(settings.name(), sessions, here -> eviction.look(here, slots.awaited()));
  }

  /** Tries to bind once before it returns, and goes on trying if that failed. */
  void start() {
    bind();
    log.listening(settings);
    threads.start(this::run);
  }

  /** Where it listens; null while it could not bind. */
  InetSocketAddress address() {
    var socket = listening;
    return socket == null ? null : (InetSocketAddress) socket.getLocalSocketAddress();
  }

  /** Closes the listening socket, tells idle sessions at once, gives the others the drain time. */
  void stop() {
    stopped.countDown();
    handlers.close();
    closeListening();
    try {
      if (!acceptsNoMore.await(5, TimeUnit.SECONDS)) {
        LOG.warn("{}: still accepting", settings.name());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the drain below then cuts at once
    }
    closeListening(); // in case it was bound meanwhile
    portFile.delete();
    Drain.run(sessions, settings.name(), Duration.ZERO, settings.drain());
    threads.shutdown();
    watchdog.close();
  }

  /** Accepts until there is a session for this thread, and another goes on; then serves that. */
  private void run() {
    Optional<Runnable> own = Optional.empty();
    try {
      while (listening == null && !stopped.await(bindRetryMillis, TimeUnit.MILLISECONDS)) {
        bind();
      }
      while (own.isEmpty() && stopped.getCount() > 0) {
        if (handlers.await(POLL)) {
          own = accept();
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("{}: accept loop interrupted", settings.name());
    } finally {
      if (own.isEmpty()) {
        acceptsNoMore.countDown();
      }
    }
    own.ifPresent(Runnable::run);
  }

  private void bind() {
    try {
      var socket = ListeningSocket.open(settings.address(), settings.port(), settings.backlog());
      listening = socket;
      var address = (InetSocketAddress) socket.getLocalSocketAddress();
      LOG.info("listening on {} {}", PortFile.text(address), settings.protocol());
      portFile.write(address);
    } catch (IOException e) {
      String text = "unable to bind {} port {} for {}: {}; trying again every {} ms";
      Object[] values = {
        settings.address(), settings.port(), settings.protocol(), e.getMessage(), bindRetryMillis
      };
      if (bindFailed) {
        LOG.debug(text, values);
      } else {
        LOG.error(text, values);
      }
      bindFailed = true;
    }
  }

  /**
   * Accepts one connection, and waits for a slot if it is let in.
   *
   * @return the session if this thread is to serve it
   */
  private Optional<Runnable> accept() throws InterruptedException {
    Socket socket = null;
    boolean passed = false;
    try {
      socket = listening.accept();
      acceptFailed = false;
      InetAddress address = socket.getInetAddress();
      boolean proxy = settings.proxies().contains(address); // counted when it says for whom
      if (proxy || admit(address)) {
        passed = true;
        return begin(socket, Optional.of(address).filter(a -> !proxy));
      }
      if (!settings.tls()) {
        // A line fits into the empty buffer of a new connection: nothing waits here.
        socket.getOutputStream().write(handlers.refusal().getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException | RejectedExecutionException | OutOfMemoryError e) {
      // No descriptor, memory or thread left: that passes when a session ends.
      if (stopped.getCount() > 0) {
        if (!acceptFailed) {
          LOG.error("{}: unable to accept, going on: {}", settings.name(), e.toString());
        }
        acceptFailed = true;
        stopped.await(ACCEPT_RETRY_MILLIS, TimeUnit.MILLISECONDS);
      }
    } finally {
      if (!passed) {
        close(socket);
      }
    }
    return Optional.empty();
  }

  private boolean admit(InetAddress address) {
    if (!rates.admit(address)) {
      LOG.info("{}: too often from {}", settings.name(), IpText.of(address));
      return false;
    }
    if (!slots.admit(address)) {
      LOG.info("{}: too many from {}", settings.name(), IpText.of(address));
      return false;
    }
    return true;
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
  private Optional<Runnable> begin(Socket socket, Optional<InetAddress> address)
      throws IOException, InterruptedException {
    var counted = new AtomicReference<>(address);
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
      String id = settings.name() + "-" + number.incrementAndGet();
      session = new Session(id, socket, settings.timeout());
      sessions.add(session);
      Session accepted = session;
      var task =
          new SessionTask(
              session,
              listener,
              client -> {
                // Left first: both may be of one network.
                counted.getAndSet(Optional.empty()).ifPresent(slots::leave);
                boolean admitted = admit(client);
                counted.set(Optional.of(client).filter(c -> admitted));
                return admitted;
              },
              () -> release(accepted, counted.get()));
      Optional<Runnable> own = threads.place(task, this::run);
      started = true;
      return own;
    } finally {
      if (!started) {
        address.ifPresent(slots::leave);
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

  private void release(Session session, Optional<InetAddress> counted) {
    counted.ifPresent(slots::leave);
    slots.release();
    sessions.remove(session);
  }

  private void closeListening() {
    close(listening);
  }

  private void close(Closeable socket) {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      LOG.debug("{}: close: {}", settings.name(), e.toString());
    }
  }
}
