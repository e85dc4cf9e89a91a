package org.sluice.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * A port that does not answer: as many connections as the system lets wait for a server do wait, so
 * that it drops what asks for another one.
 */
public final class DeafServer implements AutoCloseable {
  private static final int BACKLOG = 1;

  /** Linux lets one more wait than it was told. */
  private static final int WAITING = BACKLOG + 1;

  private static final int CALLERS = 8;

  private final ServerSocket socket;
  private final List<SocketChannel> callers = new ArrayList<>();

  /** At a free port of this address of the loopback interface. */
  public DeafServer(String address) throws IOException {
    socket = new ServerSocket(0, BACKLOG, InetAddress.getByName(address));
    var end = new InetSocketAddress(address, socket.getLocalPort());
    for (int i = 0; i < CALLERS; i++) {
      SocketChannel caller = SocketChannel.open();
      callers.add(caller);
      caller.configureBlocking(false);
      caller.connect(end);
    }
    while (connected() < WAITING) {
      Thread.onSpinWait();
    }
  }

  private int connected() throws IOException {
    int count = 0;
    for (SocketChannel caller : callers) {
      if (caller.finishConnect()) {
        count++;
      }
    }
    return count;
  }

  /** The port. */
  public int port() {
    return socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel caller : callers) {
      caller.close();
    }
    socket.close();
  }
}
