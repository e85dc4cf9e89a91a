package org.sluice.itest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A plain POP3 client that says exactly what the test wants. */
final class Pop3Client implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  Pop3Client(int port) throws IOException {
    this(new Socket(InetAddress.getLoopbackAddress(), port));
    line();
  }

  /** A connection whose greeting is still to be read. */
  Pop3Client(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** A session of somebody who has logged in. */
  static Pop3Client login(int port, String user, String password) throws IOException {
    return new Pop3Client(port).login(user, password);
  }

  Pop3Client login(String user, String password) throws IOException {
    command("USER " + user);
    String reply = command("PASS " + password);
    if (!reply.startsWith("+OK")) {
      throw new IOException("no login: " + reply);
    }
    return this;
  }

  String command(String text) throws IOException {
    socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return line();
  }

  /** The lines that follow a command's positive reply, without the dots that stand for dots. */
  List<String> lines(String command) throws IOException {
    String reply = command(command);
    if (!reply.startsWith("+OK")) {
      throw new IOException(command + ": " + reply);
    }
    List<String> lines = new ArrayList<>();
    for (String line = line(); !line.equals("."); line = line()) {
      lines.add(line.startsWith(".") ? line.substring(1) : line);
    }
    return lines;
  }

  /** What CAPA lists; nothing where there is no CAPA. */
  List<String> capabilities() throws IOException {
    try {
      return lines("CAPA");
    } catch (IOException e) {
      if (!"CAPA: -ERR authorization first".equals(e.getMessage())) {
        throw e;
      }
      return List.of();
    }
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
