package org.sluice.net.internal;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;

/** Makes the socket that a listener accepts from. */
public final class ListeningSocket {
  private ListeningSocket() {}

  /** An empty address or 0 means all IPv4 addresses, as for tcpserver; :: all of both kinds. */
  static ServerSocket open(String address, int port, int backlog) throws IOException {
    boolean all = address == null || address.isBlank() || address.equals("0");
    InetAddress host = InetAddress.getByName(all ? "0.0.0.0" : address.strip());
    return host instanceof Inet4Address && host.isAnyLocalAddress()
        ? ofChannel(host, port, backlog)
        : bound(new ServerSocket(), host, port, backlog);
  }

  /**
   * Binds and listens. Accepted sockets have channels, and the kind of the address: Java's plain
   * socket on 0.0.0.0 would take IPv6 clients too, past all rules for IPv4.
   */
  public static ServerSocket ofChannel(InetAddress address, int port, int backlog)
      throws IOException {
    var kind =
        address instanceof Inet4Address
            ? StandardProtocolFamily.INET
            : StandardProtocolFamily.INET6;
    return bound(ServerSocketChannel.open(kind).socket(), address, port, backlog);
  }

  private static ServerSocket bound(ServerSocket socket, InetAddress address, int port, int backlog)
      throws IOException {
    try {
      // A restart must not wait for old connections in TIME_WAIT.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port), backlog);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
