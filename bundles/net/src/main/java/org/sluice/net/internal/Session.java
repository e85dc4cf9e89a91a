package org.sluice.net.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.net.Connection;
import org.sluice.api.net.TlsServer;

/** One accepted socket, and what a drain does to it. */
final class Session implements Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  private final String id;
  private final Socket socket;
  private volatile SessionInput in;
  private volatile SessionOutput out;
  private volatile Optional<SSLSession> tls = Optional.empty();
  private final ReentrantLock lock = new ReentrantLock();
  private Thread runner;
  private boolean cut;
  private boolean idle;
  private volatile boolean expired;
  private volatile Map<String, String> environment = Map.of();
  private Admission rules = (session, tcp) -> Optional.of(tcp);
  private Map<String, String> known = Map.of();

  Session(String id, Socket socket, Duration timeout) throws IOException {
    this.id = id;
    this.socket = socket;
    this.in = new SessionInput(socket.getInputStream());
    this.out = new SessionOutput(socket);
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
    return admitted.isPresent();
  }

  @Override
  public boolean client(Map<String, String> variables) throws IOException {
    var next = new HashMap<>(known);
    next.putAll(variables);
    next.values().removeIf(String::isEmpty);
    return admit(rules, next);
  }

  @Override
  public void timeout(Duration limit) throws IOException {
    // To the socket 0 means for ever, which nothing here may wait.
    long millis = Math.min(Integer.MAX_VALUE, Math.max(1, limit.toMillis()));
    socket.setSoTimeout((int) millis);
    out.limit(millis);
  }

  @Override
  public void startTls(TlsServer server) throws IOException {
    SSLSocket secured = server.wrap(socket);
    secured.startHandshake();
    var output = new SessionOutput(secured);
    output.limit(socket.getSoTimeout());
    in = new SessionInput(secured.getInputStream());
    out = output;
    tls = Optional.of(secured.getSession());
  }

  @Override
  public Optional<SSLSession> tls() {
    return tls;
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
    close();
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

  /** Closes the socket if its client has not taken what is being written for too long. */
  void checkWrite(long nanoTime) {
    if (out.stuck(nanoTime)) {
      LOG.debug("{}: the client takes no data, closing", id);
      close();
    }
  }

  Socket socket() {
    return socket;
  }

  private void endInput() {
    in.end();
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
