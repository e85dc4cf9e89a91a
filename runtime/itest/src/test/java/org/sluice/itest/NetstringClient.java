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
import java.util.ArrayList;
import java.util.List;

/** A client of QMTP and QMQP, written from the protocols' own descriptions, for tests only. */
final class NetstringClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  NetstringClient(int port) throws IOException {
    this(InetAddress.getLoopbackAddress(), port);
  }

  NetstringClient(InetAddress address, int port) throws IOException {
    this(new Socket(address, port));
  }

  /** On a connection that has been made. */
  NetstringClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  static String netstring(String text) {
    return text.length() + ":" + text + ",";
  }

  /** A message as QMTP wants it; the text begins with its encoding, CR or LF. */
  static String qmtp(String text, String sender, String... recipients) {
    return netstring(text) + netstring(sender) + netstring(netstrings(recipients));
  }

  /** A message as QMQP wants it. */
  static String qmqp(String text, String sender, String... recipients) {
    return netstring(netstring(text) + netstring(sender) + netstrings(recipients));
  }

  private static String netstrings(String... texts) {
    var all = new StringBuilder();
    for (String text : texts) {
      all.append(netstring(text));
    }
    return all.toString();
  }

  NetstringClient send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** The next netstring. */
  String read() throws IOException {
    int length = 0;
    for (int c = octet(); c != ':'; c = octet()) {
      if (c < '0' || c > '9') {
        throw new IOException("no length: " + (char) c);
      }
      length = length * 10 + c - '0';
    }
    var text = new ByteArrayOutputStream();
    text.write(in.readNBytes(length));
    if (text.size() < length || octet() != ',') {
      throw new IOException("a netstring without its end: " + text);
    }
    return text.toString(StandardCharsets.ISO_8859_1);
  }

  private int octet() throws IOException {
    int octet = in.read();
    if (octet < 0) {
      throw new EOFException("the server closed the connection");
    }
    return octet;
  }

  /** So many netstrings, only the first letter of each: K, Z or D. */
  List<String> letters(int count) throws IOException {
    List<String> letters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      letters.add(read().substring(0, 1));
    }
    return letters;
  }

  /** Whether the server closes the connection without a word. */
  boolean closed() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketException e) {
      return true; // a reset, where it had not read all
    }
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
