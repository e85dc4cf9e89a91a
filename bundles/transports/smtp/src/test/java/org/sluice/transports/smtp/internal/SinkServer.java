package org.sluice.transports.smtp.internal;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Takes all mail on loopback and counts; may hang up after some messages. */
final class SinkServer implements AutoCloseable {
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger messages = new AtomicInteger();
  final AtomicLong bodyOctets = new AtomicLong();

  /** What was said outside messages, of all connections. */
  final List<String> commands = new CopyOnWriteArrayList<>();

  /** The answer to EHLO. */
  volatile String hello = "250 sink";

  private final ServerSocket socket;
  private final int hangUpAfter;

  SinkServer(int hangUpAfter) throws IOException {
    this.hangUpAfter = hangUpAfter;
    socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  private static void start(Runnable task) {
    var thread = new Thread(task, "sink");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (!socket.isClosed()) {
        Socket client = socket.accept();
        client.setTcpNoDelay(true);
        connections.incrementAndGet();
        start(() -> serve(client));
      }
    } catch (IOException e) {
      assert socket.isClosed();
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      say(client, "220 sink");
      int taken = 0;
      for (String line = line(in); line != null && !line.equals("QUIT"); line = line(in)) {
        commands.add(line);
        if (line.equals("DATA")) {
          say(client, "354 go");
          for (String body = line(in); !".".equals(body); body = line(in)) {
            bodyOctets.addAndGet(body.length() + 2);
          }
          messages.incrementAndGet();
          taken++;
        }
        say(client, line.startsWith("EHLO ") ? hello : "250 ok");
        if (taken == hangUpAfter) {
          return;
        }
      }
    } catch (IOException e) {
      assert client.isClosed();
    }
  }

  private static void say(Socket client, String line) throws IOException {
    client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String line(InputStream in) throws IOException {
    var out = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      if (c != '\r') {
        out.write(c);
      }
    }
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
