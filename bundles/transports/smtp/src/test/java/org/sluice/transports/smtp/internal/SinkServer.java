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
import org.sluice.api.net.TlsServer;

/** Takes all mail on loopback and counts; may hang up after some messages. */
final class SinkServer implements AutoCloseable {
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger messages = new AtomicInteger();
  final AtomicLong bodyOctets = new AtomicLong();

  /** What was said outside messages, of all connections. */
  final List<String> commands = new CopyOnWriteArrayList<>();

  /** The answer to EHLO. */
  volatile String hello = "250 sink";

  /** The answer to EHLO within TLS. */
  volatile String secureHello = "250-sink\r\n250 REQUIRETLS";

  /** The answer to STARTTLS. */
  volatile String startTls = "220 go";

  /** What TLS begins with; without it the server goes on in the clear. */
  volatile TlsServer tls;

  private final ServerSocket socket;
  private final int hangUpAfter;

  SinkServer(int hangUpAfter) throws IOException {
    this(hangUpAfter, "127.0.0.1", 0);
  }

  /** On a port of an address; 0 is a free one. */
  SinkServer(int hangUpAfter, String address, int port) throws IOException {
    this.hangUpAfter = hangUpAfter;
    socket = new ServerSocket(port, 50, InetAddress.getByName(address));
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
      say(client, "220 sink");
      serve(client, hello);
    } catch (IOException e) {
      assert client.isClosed();
    }
  }

  private void serve(Socket client, String toEhlo) throws IOException {
    InputStream in = new BufferedInputStream(client.getInputStream());
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
      if (line.equals("STARTTLS")) {
        say(client, startTls);
        if (tls != null && startTls.startsWith("220")) {
          serve(tls.wrap(client), secureHello);
          return;
        }
        continue;
      }
      say(client, line.startsWith("EHLO ") ? toEhlo : "250 ok");
      if (taken == hangUpAfter) {
        return;
      }
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
