package org.sluice.net.internal.tcpserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import org.sluice.api.program.Descriptors;

/** A connection as descriptors 0 and 1, and the server's own 2. */
record SocketDescriptors(Socket socket, OutputStream err) implements Descriptors {
  /**
   * About as long as the system keeps what a process has left to a client that takes nothing: the
   * program is gone, and its place is wanted back.
   */
  private static final Duration LINGER = Duration.ofMinutes(2);

  @Override
  public Optional<InputStream> input(int descriptor) throws IOException {
    return descriptor == 0 ? Optional.of(socket.getInputStream()) : Optional.empty();
  }

  @Override
  public Optional<OutputStream> output(int descriptor) throws IOException {
    return switch (descriptor) {
      case 1 -> Optional.of(socket.getOutputStream());
      case 2 -> Optional.of(err);
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
