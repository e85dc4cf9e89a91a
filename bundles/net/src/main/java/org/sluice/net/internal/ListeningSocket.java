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
    return open(InetAddress.getByName(all ? "0.0.0.0" : address.strip()), port, backlog);
  }

  /** Binds and listens. */
  public static ServerSocket open(InetAddress address, int port, int backlog) throws IOException {
    ServerSocket socket = socket(address);
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

  /** Java's plain socket on 0.0.0.0 would take IPv6 clients too, past all rules for IPv4. */
  private static ServerSocket socket(InetAddress address) throws IOException {
    return address instanceof Inet4Address && address.isAnyLocalAddress()
        ? ServerSocketChannel.open(StandardProtocolFamily.INET).socket()
        : new ServerSocket();
  }
}
