package org.sluice.itest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.sluice.testkit.Installed;

/** Thousands of clients that are there and say nothing, on one listener in a small heap. */
class IdleIT {
  private static final int PLAIN = 5_000;
  private static final int TLS = 2_000;

  /** Beyond the clients: bundles, logs, libraries. */
  private static final int SPARE = 1_000;

  /** A session without buffers of its own: thousands of them are in one heap here too. */
  private record Idle(Socket socket) {
    static Idle plain(int port) throws IOException {
      var socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(120_000);
      var client = new Idle(socket);
      assertTrue(client.reply().startsWith("220 "));
      client.hello();
      return client;
    }

    /** The same session goes on inside TLS. */
    Idle startTls(SSLSocketFactory factory) throws IOException {
      assertTrue(say("STARTTLS").startsWith("220 "));
      var secured = new Idle(factory.createSocket(socket, "localhost", socket.getPort(), true));
      secured.hello();
      return secured;
    }

    private void hello() throws IOException {
      assertTrue(say("EHLO client.example").startsWith("250-"));
    }

    String say(String command) throws IOException {
      socket.getOutputStream().write((command + "\r\n").getBytes(ISO_8859_1));
      return reply();
    }

    /** All lines of a reply: the last is the one without a hyphen. */
    private String reply() throws IOException {
      byte[] buffer = new byte[1024];
      int length = 0;
      while (true) {
        int n = socket.getInputStream().read(buffer, length, buffer.length - length);
        if (n < 0) {
          throw new EOFException("connection cut");
        }
        length += n;
        String text = new String(buffer, 0, length, ISO_8859_1);
        if (text.matches("(?s)(.*\r\n)?\\d{3} [^\r\n]*\r\n")) {
          return text;
        }
      }
    }
  }

  @Test
  void sevenThousandSessionsInAHeapOf256() throws Exception {
    int most = PLAIN + TLS + SPARE;
    Installed.machine(limit("Max open files") > most, "files");
    Installed.machine(
        Runtime.version().feature() >= 21 || limit("Max processes") > most && pids() > most,
        "threads");
    List<Idle> clients = new ArrayList<>();
    try (var server = new Server("idle", Map.of("SLUICE_JAVA_OPTS", "-Xmx256m"))) {
      server.control("servercert.pem", Certificate.make(server.home));
      String listener = "protocol = smtp\naddress = 127.0.0.1\nport = 0\nlimit = %d\n";
      server.conf("org.sluice.net-smtp.cfg", listener.formatted(most));
      server.start();
      for (int i = 0; i < PLAIN; i++) {
        clients.add(Idle.plain(server.port()));
      }
      SSLSocketFactory factory = Certificate.trustingAll().getSocketFactory();
      for (int i = 0; i < TLS; i++) {
        clients.add(Idle.plain(server.port()).startTls(factory));
      }
      sendOne(server);
      for (Idle client : clients) {
        assertTrue(client.say("NOOP").startsWith("250 "));
      }
      assertEquals(PLAIN + TLS, clients.size());
      String console = Files.readString(server.home.resolve("log/sluice"));
      assertTrue(!console.contains("OutOfMemory"), console);
    } finally {
      for (Idle client : clients) {
        client.socket().close();
      }
    }
  }

  private static void sendOne(Server server) throws Exception {
    var maildir = server.maildir(Server.user());
    try (var client = new SmtpClient(server.port())) {
      client.command("HELO client.example");
      String to = Server.user() + "@localhost";
      assertTrue(client.send("a@b.example", to, "Subject: x\n\nx\n").startsWith("250 "));
    }
    Poll.until("delivered", 60_000, () -> maildir.count() == 1);
  }

  /** What a process may have of something at most; the JVM takes it all. */
  private static long limit(String name) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
      String hard =
          lines
              .filter(line -> line.startsWith(name))
              .map(line -> line.substring(name.length()).strip().split(" +")[1])
              .findFirst()
              .orElse("unlimited");
      return hard.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(hard);
    }
  }

  /** The threads that the container may have. */
  private static long pids() throws IOException {
    Path file = Path.of("/sys/fs/cgroup/pids.max");
    String text = Files.exists(file) ? Files.readString(file).strip() : "max";
    return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
  }
}
