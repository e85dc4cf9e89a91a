package org.sluice.base.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.program.Descriptors;

/**
 * A connection as descriptors 0 and 1. A program of ours gets its streams. A program of the
 * operating system gets the connection itself, if its socket has a channel and the JVM lets us
 * (else pipes, whose other ends are copied from and to it): then the program and what it starts may
 * go on with it when it has ended, and when this process has.
 */
public final class ConnectionDescriptors implements Descriptors {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionDescriptors.class);

  /**
   * About as long as the system keeps what a process has left to a client that takes nothing: the
   * program is gone, and its place is wanted back.
   */
  private static final Duration LINGER = Duration.ofMinutes(2);

  private final Socket socket;
  private final Optional<OutputStream> err;
  private final Runnable handedOver;

  /** Whether another process has or had it; of all that were made by {@link #kept}. */
  private final AtomicBoolean shared;

  /**
   * For one run of a program.
   *
   * @param err descriptor 2; this process's own is inherited, other streams are written by a thread
   * @param handedOver called once on the running thread when a program of the operating system has
   *     been started with the connection, which the caller may close now; not called otherwise.
   *     Must not throw
   */
  public ConnectionDescriptors(Socket socket, Optional<OutputStream> err, Runnable handedOver) {
    this(socket, err, handedOver, new AtomicBoolean());
  }

  private ConnectionDescriptors(
      Socket socket, Optional<OutputStream> err, Runnable handedOver, AtomicBoolean shared) {
    this.socket = socket;
    this.err = err;
    this.handedOver = handedOver;
    this.shared = shared;
  }

  /**
   * Says the end to the client, unless another process may still have something to say. Then the
   * caller closes the socket: without this, a client whose octets were not all read gets a reset,
   * and may lose what it was sent. May be called on a closed socket.
   */
  public void finish() {
    if (!shared.get()) {
      try {
        socket.shutdownOutput();
      } catch (IOException e) {
        LOG.debug("end of a connection: {}", e.toString());
      }
    }
  }

  /** For a program of ours: it still has the connection when it has started others with it. */
  ConnectionDescriptors kept() {
    return new ConnectionDescriptors(socket, err, () -> {}, shared);
  }

  /** Copies for a child process, if it can have them. */
  Optional<InheritedSocket> inheritable() throws IOException {
    SocketChannel channel = socket.getChannel();
    return channel == null ? Optional.empty() : InheritedSocket.of(channel);
  }

  void handedOver() {
    shared.set(true);
    handedOver.run();
  }

  @Override
  public Optional<InputStream> input(int descriptor) throws IOException {
    return descriptor == 0 ? Optional.of(socket.getInputStream()) : Optional.empty();
  }

  @Override
  public Optional<OutputStream> output(int descriptor) throws IOException {
    return switch (descriptor) {
      case 1 -> Optional.of(socket.getOutputStream());
      case 2 -> err;
      default -> Optional.empty();
    };
  }

  @Override
  public Optional<Duration> linger() {
    return Optional.of(LINGER);
  }

  @Override
  public void rewind() throws IOException {
    throw new IOException("Illegal seek");
  }
}
