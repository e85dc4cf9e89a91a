package org.sluice.net.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening socket of a server and the file that tells where it is. Both follow the settings; a
 * socket that is where they want it stays open. Thread-safe.
 */
final class Port {
  private static final Logger LOG = LoggerFactory.getLogger(Port.class);

  private enum State {
    NEW,
    OPEN,
    CLOSED
  }

  private final long retryMillis;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile ServerSocket socket;
  private Settings wanted;
  private PortFile file;
  private State state = State.NEW;
  private boolean failed;

  /**
   * @param retryMillis what the log says of how often {@link #bind} is called
   */
  Port(Settings settings, long retryMillis) {
    this.wanted = settings;
    this.retryMillis = retryMillis;
    file = new PortFile(settings.home(), settings.portFile());
  }

  /** The socket; null while it could not be bound, and before. */
  ServerSocket socket() {
    return socket;
  }

  /** Binds it unless that is done, or {@link #close} was called. A failure is logged once. */
  void bind() {
    lock.lock();
    try {
      if (state != State.CLOSED) {
        state = State.OPEN;
        if (socket == null || socket.isClosed()) {
          open(true);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Follows new settings. With another address or port the new socket is bound and the old one
   * closed, in this order if that can be, so that there is always one. If neither order does,
   * {@link #bind} may. Before its first call nothing is bound.
   */
  void move(Settings settings) {
    lock.lock();
    try {
      var before = wanted;
      wanted = settings;
      failed = false;
      if (state != State.OPEN) {
        file = new PortFile(settings.home(), settings.portFile());
      } else if (socket == null || socket.isClosed()) {
        open(true);
      } else if (before.port() != settings.port() || !before.address().equals(settings.address())) {
        replace();
      } else {
        written((InetSocketAddress) socket.getLocalSocketAddress());
        if (before.backlog() != settings.backlog()) {
          // A new socket would have another backlog, and cost those who wait in this one.
          LOG.info("{}: the backlog stays {} until a restart", settings.name(), before.backlog());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes the socket, for ever, and removes the file. */
  void close() {
    lock.lock();
    try {
      state = State.CLOSED;
      shut(socket);
      file.delete();
    } finally {
      lock.unlock();
    }
  }

  private void replace() {
    var old = socket;
    try {
      take(bound());
      shut(old);
    } catch (IOException e) {
      // It may be in the way itself: of all addresses and one of them only one can be bound.
      LOG.debug("{}: {}", wanted.name(), e.toString());
      socket = null; // first, so that who sleeps in it wakes to this
      shut(old);
      open(false); // may fail again: a thread in accept() keeps the old one for a moment
    }
  }

  private void open(boolean tell) {
    try {
      take(bound());
    } catch (IOException e) {
      socket = null;
      file.delete();
      String text = "unable to bind {} port {} for {}: {}; trying again every {} ms";
      Object[] values = {
        wanted.address(), wanted.port(), wanted.protocol(), e.getMessage(), retryMillis
      };
      if (tell && !failed) {
        LOG.error(text, values);
        failed = true;
      } else {
        LOG.debug(text, values);
      }
    }
  }

  private ServerSocket bound() throws IOException {
    return ListeningSocket.open(wanted.address(), wanted.port(), wanted.backlog());
  }

  private void take(ServerSocket now) {
    socket = now;
    failed = false;
    var address = (InetSocketAddress) now.getLocalSocketAddress();
    LOG.info("listening on {} {}", PortFile.text(address), wanted.protocol());
    written(address);
  }

  private void written(InetSocketAddress address) {
    var now = new PortFile(wanted.home(), wanted.portFile());
    now.write(address);
    if (!now.same(file)) {
      file.delete();
    }
    file = now;
  }

  private void shut(ServerSocket old) {
    try {
      if (old != null) {
        old.close();
      }
    } catch (IOException e) {
      LOG.debug("{}: close: {}", wanted.name(), e.toString());
    }
  }
}
