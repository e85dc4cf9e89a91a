package org.sluice.net.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Makes the socket that a listener accepts from. */
final class ListeningSocket {
  private ListeningSocket() {}

  /** An empty address or 0 means all IPv4 addresses, as for tcpserver. */
  static ServerSocket open(String address, int port, int backlog) throws IOException {
    boolean all = address == null || address.isBlank() || address.equals("0");
    InetAddress ip = InetAddress.getByName(all ? "0.0.0.0" : address.strip());
    var socket = new ServerSocket();
    try {
      // A restart must not wait for old connections in TIME_WAIT.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(ip, port), backlog);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
