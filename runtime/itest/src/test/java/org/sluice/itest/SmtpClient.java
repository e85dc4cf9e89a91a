package org.sluice.itest;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;

/** A plain SMTP client that says exactly what the test wants. */
final class SmtpClient implements AutoCloseable {
  private Socket socket;
  private InputStream in;
  private OutputStream out;
  final String greeting;

  SmtpClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    greeting = reply();
  }

  /** From now on all is said within TLS. */
  SmtpClient startTls(SSLContext context) throws IOException {
    if (!command("STARTTLS").startsWith("220 ")) {
      throw new IOException("no TLS");
    }
    socket = context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    return this;
  }

  /** The last line of a reply. */
  String reply() throws IOException {
    while (true) {
      String line = line();
      if (line.length() < 4 || line.charAt(3) != '-') {
        return line;
      }
    }
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    while (true) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("connection cut after '" + line + "'");
      }
      if (c == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
      }
      line.write(c);
    }
  }

  String command(String text) throws IOException {
    out.write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return reply();
  }

  /** All lines of the reply to a command. */
  String lines(String text) throws IOException {
    out.write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    var lines = new StringBuilder();
    while (true) {
      String line = line();
      lines.append(line).append('\n');
      if (line.length() < 4 || line.charAt(3) != '-') {
        return lines.toString();
      }
    }
  }

  /** Bytes of a message that the caller has brought into its form on the wire. */
  void write(byte[] wire) throws IOException {
    out.write(wire);
  }

  /** MAIL, RCPT, DATA and the message (lines ended by LF); the first reply that is no success. */
  String send(String from, String to, String message) throws IOException {
    String reply = command("MAIL FROM:<" + from + ">");
    if (reply.startsWith("2")) {
      reply = command("RCPT TO:<" + to + ">");
    }
    if (reply.startsWith("2")) {
      reply = command("DATA");
    }
    if (!reply.startsWith("3")) {
      return reply;
    }
    out.write(wire(message).getBytes(StandardCharsets.ISO_8859_1));
    return reply();
  }

  private static String wire(String message) {
    String text = message.endsWith("\n") ? message : message + "\n";
    text = text.replace("\n", "\r\n").replace("\r\n.", "\r\n..");
    return (text.startsWith(".") ? "." + text : text) + ".\r\n";
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
