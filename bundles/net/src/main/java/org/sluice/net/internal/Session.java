package org.sluice.net.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.net.Connection;
import org.sluice.api.net.TlsServer;
import org.sluice.base.IpText;

/** One accepted socket, and what a drain does to it. */
final class Session implements Connection, Eviction.Holder {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  /** For the handshake as a whole, unless the time-out is less. */
  private static final Duration HANDSHAKE = Duration.ofSeconds(60);

  /** For TLS to take leave. */
  private static final Duration CLOSE = Duration.ofSeconds(10);

  /** For the client to read why there is no TLS. */
  private static final Duration ALERT = Duration.ofSeconds(3);

  /** What goes with the address of a client. The rest of TLS is the connection's, which stays. */
  private static final Set<String> OF_CLIENT =
      Set.of("TCPREMOTEHOST", "TCPREMOTEPORT", "TCPREMOTEINFO", "SSL_CLIENT_S_DN");

  /** Counts connections from addresses. */
  @FunctionalInterface
  interface Share {
    /**
     * Counts the connection for this address and no more for the one before. False if the address
     * has its share already; the connection is to be closed then.
     */
    boolean take(InetAddress client) throws IOException;
  }

  private final String id;
  private final Socket socket;
  private final Progress progress = new Progress(System::nanoTime);
  private final SessionInput received;
  private final SessionOutput sent;
  private volatile InputStream in;
  private volatile OutputStream out;
  private volatile Optional<SSLSocket> tls = Optional.empty();
  private final AtomicReference<Optional<Long>> deadline = new AtomicReference<>(Optional.empty());
  private final ReentrantLock lock = new ReentrantLock();
  private Thread runner;
  private boolean cut;
  private boolean idle;
  private volatile boolean expired;
  private volatile boolean sentAway;
  private volatile Map<String, String> environment = Map.of();
  private Admission rules = (session, tcp) -> Optional.of(tcp);
  private Share share = address -> true;
  private Map<String, String> known = Map.of();
  private boolean denied;
  private OptionalInt status = OptionalInt.empty();

  Session(String id, Socket socket, Duration timeout) throws IOException {
    this.id = id;
    this.socket = socket;
    this.received = new SessionInput(socket.getInputStream(), progress);
    this.sent = new SessionOutput(socket, progress);
    this.in = received;
    this.out = sent;
    timeout(timeout);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public OutputStream out() {
    return out;
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  /** The number at the end of the id. */
  long number() {
    return Long.parseLong(id.substring(id.lastIndexOf('-') + 1));
  }

  /** Says that its client is not let in. On the thread of the session, as {@link #denied}. */
  void deny() {
    denied = true;
  }

  /** Whether a client was not let in, by rules or limits: the session ends with that. */
  boolean denied() {
    return denied;
  }

  @Override
  public void status(int exit) {
    status = OptionalInt.of(exit);
  }

  /** What its handler has said of that. On the thread of the session. */
  OptionalInt status() {
    return status;
  }

  /**
   * Says who counts it if another client speaks on it, and tells one that gets no share; until then
   * nobody does.
   */
  void share(Share counter) {
    share = counter;
  }

  /**
   * Lets the client in, or not.
   *
   * @param tcp the variables that say who it is, without those of the rules
   */
  boolean admit(Admission admission, Map<String, String> tcp) throws IOException {
    rules = admission;
    known = Map.copyOf(tcp);
    var admitted = admission.admit(this, known);
    environment = Map.copyOf(admitted.orElse(known));
    denied |= admitted.isEmpty();
    return admitted.isPresent();
  }

  @Override
  public boolean client(Map<String, String> variables) throws IOException {
    var next = new HashMap<>(known);
    String before = known.getOrDefault("TCPREMOTEIP", "");
    String ip = variables.getOrDefault("TCPREMOTEIP", before);
    if (!ip.equals(before)) {
      next.keySet().removeAll(OF_CLIENT);
    }
    next.putAll(variables);
    next.values().removeIf(String::isEmpty);
    // One that is not known counts as the peer that speaks for it.
    return (ip.equals(before) || share.take(IpText.parse(ip).orElseGet(socket::getInetAddress)))
        && admit(rules, next);
  }

  @Override
  public void timeout(Duration limit) throws IOException {
    // To the socket 0 means for ever, which nothing here may wait.
    long millis = Math.min(Integer.MAX_VALUE, Math.max(1, limit.toMillis()));
    socket.setSoTimeout((int) millis);
    sent.limit(millis);
  }

  @Override
  public void startTls(TlsServer server) throws IOException {
    if (tls.isPresent()) {
      throw new IOException("TLS has begun already");
    }
    SSLSocket secured = server.wrap(new TransportSocket(socket, received, sent));
    try {
      within(
          Duration.ofMillis(Math.min(HANDSHAKE.toMillis(), socket.getSoTimeout())),
          () -> {
            secured.startHandshake();
            return secured;
          });
    } catch (SSLException e) {
      awaitEnd();
      throw e;
    }
    in = secured.getInputStream();
    out = secured.getOutputStream();
    tls = Optional.of(secured);
    var more = TlsVariables.of(secured.getSession());
    known = with(known, more);
    environment = with(environment, more);
    LOG.debug("{}: {}", id, more);
  }

  /**
   * Reads until the client hangs up. Closing a socket while something of the client's is unread, or
   * still comes, resets the connection, and the alert in which TLS told the reason is lost.
   */
  private void awaitEnd() {
    try {
      within(ALERT, () -> received.transferTo(OutputStream.nullOutputStream()));
    } catch (IOException e) {
      LOG.debug("{}: after the alert: {}", id, e.toString());
    }
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    var all = new HashMap<>(some);
    all.putAll(more);
    return Map.copyOf(all);
  }

  @Override
  public Optional<SSLSession> tls() {
    return tls.map(SSLSocket::getSession);
  }

  /** Something to be done with the streams. */
  @FunctionalInterface
  interface Exchange<T> {
    T run() throws IOException;
  }

  /**
   * Does something that must be over within a time, however little the client sends at once: the
   * socket is closed when it is not.
   */
  <T> T within(Duration limit, Exchange<T> exchange) throws IOException {
    deadline.set(Optional.of(System.nanoTime() + limit.toNanos()));
    try {
      return exchange.run();
    } finally {
      deadline.set(Optional.empty());
    }
  }

  @Override
  public void idle(boolean now) {
    lock.lock();
    try {
      idle = now;
      if (idle && expired) {
        endInput();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean draining() {
    return expired;
  }

  /** The drain time is over: the client is told to go, now or when the session is next idle. */
  void expire() {
    lock.lock();
    try {
      expired = true;
      if (idle) {
        endInput();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Progress progress() {
    return progress;
  }

  /** Ends the input wherever the session is; {@link #checkTime} does the rest. */
  @Override
  public void sendAway() {
    LOG.info("{}: too slow while others wait, closing", id);
    lock.lock();
    try {
      expired = true;
      sentAway = true;
      endInput();
    } finally {
      lock.unlock();
    }
  }

  /** Says which thread a cut has to interrupt; returns false if the session is cut already. */
  boolean begin(Thread thread) {
    lock.lock();
    try {
      runner = thread;
      return !cut;
    } finally {
      lock.unlock();
    }
  }

  /** The thread is about to do something else: no interrupt may reach it any more. */
  void end() {
    lock.lock();
    try {
      runner = null;
    } finally {
      lock.unlock();
    }
    tls.ifPresent(this::closeNotify);
    close();
  }

  /** Says that nothing more comes, so that the client can tell this from a cut. */
  private void closeNotify(SSLSocket secured) {
    sent.limit(CLOSE.toMillis());
    try {
      secured.close();
    } catch (IOException e) {
      LOG.debug("{}: close: {}", id, e.toString());
    }
  }

  /** Closes the socket and interrupts the handler. */
  void cut() {
    lock.lock();
    try {
      cut = true;
      if (runner != null) {
        runner.interrupt();
      }
    } finally {
      lock.unlock();
    }
    close();
  }

  /**
   * Closes the socket if its client has not taken what is being written for too long, or has not
   * done in time what {@link #within} limits; cuts one that was sent away and still holds up its
   * thread. The server may finish what it does.
   */
  void checkTime(long nanoTime) {
    if (sent.stuck(nanoTime)) {
      LOG.debug("{}: the client takes no data, closing", id);
      close();
    } else if (deadline.get().filter(end -> nanoTime - end > 0).isPresent()) {
      LOG.debug("{}: the client takes too long, closing", id);
      close();
    } else if (sentAway && progress.waiting(nanoTime) >= Watchdog.PERIOD.toNanos()) {
      cut();
    }
  }

  Socket socket() {
    return socket;
  }

  private void endInput() {
    received.end();
    try {
      if (!socket.isClosed() && !socket.isInputShutdown()) {
        socket.shutdownInput();
      }
    } catch (IOException e) {
      // The client is gone: a blocked read ends by that.
      LOG.debug("{}: {}", id, e.toString());
    }
  }

  private void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("{}: close: {}", id, e.toString());
    }
  }
}
