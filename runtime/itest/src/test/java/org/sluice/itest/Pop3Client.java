package org.sluice.itest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A plain POP3 client that says exactly what the test wants. */
final class Pop3Client implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  Pop3Client(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream());
    line();
  }

  /** A session of somebody who has logged in. */
  static Pop3Client login(int port, String user, String password) throws IOException {
    var client = new Pop3Client(port);
    client.command("USER " + user);
    String reply = client.command("PASS " + password);
    if (!reply.startsWith("+OK")) {
      throw new IOException("no login: " + reply);
    }
    return client;
  }

  String command(String text) throws IOException {
    socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return line();
  }

  /** The next line without its end. */
  String line() throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("connection closed after '" + line + "'");
      }
      if (c == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).replaceFirst("\r$", "");
      }
      line.write(c);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
