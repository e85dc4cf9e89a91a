package org.sluice.net.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** Speaks lines to a server under test. */
final class Client implements AutoCloseable {
  final Socket socket;
  private final BufferedReader in;

  Client(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  Client(Socket connected) throws IOException {
    socket = connected;
    socket.setSoTimeout(20_000);
    in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  void send(String line) throws IOException {
    socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The next line; null at the end. */
  String line() throws IOException {
    return in.readLine();
  }

  /** Whether the server has ended it, also if it has not taken it or not read all that was sent. */
  boolean atEnd() throws IOException {
    try {
      return line() == null;
    } catch (SocketException reset) {
      return true;
    }
  }

  String ask(String line) throws IOException {
    send(line);
    return line();
  }

  /** Whether nothing comes within the time. */
  boolean silent(int millis) throws IOException {
    socket.setSoTimeout(millis);
    try {
      in.mark(1);
      in.read();
      return false;
    } catch (java.net.SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(20_000);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
