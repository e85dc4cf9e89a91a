package org.sluice.net.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An ident server (RFC 1413) on a free port of an address. */
public final class Identd implements AutoCloseable {
  /** Instead of an answer: never says anything, and does not hang up. */
  public static final String SILENT = "";

  private final ServerSocket listening;
  private final String answer;
  private final List<String> questions = new CopyOnWriteArrayList<>();
  private final List<Socket> asking = new CopyOnWriteArrayList<>();

  /** Starts; the answer is said to everybody, as it is. */
  public Identd(String host, String answer) throws IOException {
    this.answer = answer;
    listening = new ServerSocket(0, 5, InetAddress.getByName(host));
    var thread = new Thread(this::serve, "identd");
    thread.setDaemon(true);
    thread.start();
  }

  /** Where it listens. */
  public int port() {
    return listening.getLocalPort();
  }

  /** What was asked, each without the end of its line. */
  public List<String> questions() {
    return questions;
  }

  private void serve() {
    try {
      while (true) {
        answer(listening.accept());
      }
    } catch (IOException e) {
      if (!listening.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void answer(Socket socket) throws IOException {
    asking.add(socket);
    var in = new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1);
    questions.add(new BufferedReader(in).readLine());
    if (!answer.equals(SILENT)) {
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : asking) {
      socket.close();
    }
  }
}
