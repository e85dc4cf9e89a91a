package org.sluice.itest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that go wrong get the right answer, and when they are gone nothing is left of them. */
class LeakIT {
  private static final int LIMIT = 10;

  /** More than the listener has room for at once, of each kind. */
  private static final int ROUNDS = 2 * LIMIT;

  private static final String TO = Server.user() + "@localhost";
  private static Server server;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("leak", Map.of());
    server.control("servercert.pem", Certificate.make(server.home));
    listener("smtp", "protocol = smtp\n");
    listener("smtps", "protocol = smtp\ntls = true\n");
    listener("pop3", "protocol = pop3\n");
    server.conf(
        "org.sluice.listeners.pop3.cfg",
        "extensions = true\nfailureDelaySeconds = 0\nallowRoot = ${sluice.allow.root}\n");
    server.conf("org.sluice.smtp.auth.cfg", "plaintext = loopback\nfailureDelaySeconds = 0\n");
    server.start().listening("smtps").listening("pop3");
  }

  private static void listener(String name, String text) throws IOException {
    String more = "address = 127.0.0.1\nport = 0\nlimit = " + LIMIT + "\n";
    server.conf("org.sluice.net-" + name + ".cfg", text + more);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** What one client does. */
  private interface Wrong {
    void run() throws Exception;
  }

  /** Has many clients do it, and waits until the server is as it was after the first. */
  private static void nothingIsLeftOf(Wrong client) throws Exception {
    nothingIsLeftOf(ROUNDS, client);
  }

  private static void nothingIsLeftOf(int rounds, Wrong client) throws Exception {
    int before = sockets();
    client.run(); // what is loaded and opened once, is now
    Poll.until("the first is gone", 60_000, () -> sockets() <= before);
    int threads = threads();
    int files = descriptors();
    for (int i = 0; i < rounds; i++) {
      client.run();
    }
    Poll.until("all are gone", 60_000, () -> sockets() <= before);
    // Pooled threads stay for a while, but one that has ended serves the next client.
    assertTrue(threads() < threads + LIMIT, threads + " threads before, now " + threads());
    assertTrue(descriptors() < files + LIMIT, files + " files before, now " + descriptors());
    everyPlaceIsFree();
  }

  private static void everyPlaceIsFree() throws Exception {
    List<AutoCloseable> clients = new ArrayList<>();
    try {
      for (int i = 0; i < LIMIT; i++) {
        clients.add(new SmtpClient(server.port()));
        clients.add(new Pop3Client(server.port("pop3")));
        clients.add(secured(Certificate.trustingAll().getSocketFactory()));
      }
    } finally {
      for (AutoCloseable client : clients) {
        client.close();
      }
    }
  }

  private static int sockets() throws IOException {
    return count("socket:");
  }

  private static int descriptors() throws IOException {
    return count("");
  }

  private static int count(String start) throws IOException {
    int count = 0;
    try (var descriptors = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        try {
          count += Files.readSymbolicLink(descriptor).toString().startsWith(start) ? 1 : 0;
        } catch (IOException e) {
          // Closed meanwhile.
        }
      }
    }
    return count;
  }

  private static int threads() throws IOException {
    try (var threads = Files.list(Path.of("/proc/" + server.pid() + "/task"))) {
      return (int) threads.count();
    }
  }

  private static SSLSocket secured(SSLSocketFactory factory) throws IOException {
    var socket = (SSLSocket) factory.createSocket("127.0.0.1", server.port("smtps"));
    socket.setSoTimeout(60_000);
    boolean greeted = false;
    try {
      greeted = socket.getInputStream().read() == '2';
      return socket;
    } finally {
      if (!greeted) {
        socket.close();
      }
    }
  }

  @Test
  void aCertificateThatTheClientDoesNotTrust() throws Exception {
    var distrustful = (SSLSocketFactory) SSLSocketFactory.getDefault();
    nothingIsLeftOf(() -> assertThrows(SSLException.class, () -> secured(distrustful)));
  }

  @Test
  void aWrongPassword() throws Exception {
    nothingIsLeftOf(
        () -> {
          try (var client = new SmtpClient(server.port())) {
            client.command("EHLO client.example");
            String reply = client.command("AUTH PLAIN AGpvZQB3cm9uZw==");
            assertTrue(reply.startsWith("535 "), reply);
          }
          try (var client = new Pop3Client(server.port("pop3"))) {
            client.command("USER joe");
            assertEquals("-ERR [AUTH] authorization failed", client.command("PASS wrong"));
          }
        });
  }

  private static final String HALF =
      "MAIL FROM:<a@b.example>\r\nRCPT TO:<" + TO + ">\r\nDATA\r\nSubject: half\r\n";

  @Test
  void halfClosedInTheMidstOfAMessage() throws Exception {
    nothingIsLeftOf(
        () -> {
          try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(HALF.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            var said = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertTrue(said.contains("\r\n354 "), said);
            assertTrue(!said.contains(" ok 1"), said);
          }
        });
    assertEquals(0, server.maildir(Server.user()).count());
  }

  @Test
  void resetInTheMidstOfAMessage() throws Exception {
    nothingIsLeftOf(
        () -> {
          try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(HALF.getBytes(ISO_8859_1));
            socket.setSoLinger(true, 0);
          }
        });
    assertEquals(0, server.maildir(Server.user()).count());
  }

  @Test
  void aCommandLineOfTenMegabytes() throws Exception {
    byte[] megabyte = "x".repeat(1 << 20).getBytes(ISO_8859_1);
    for (String protocol : List.of("smtp", "pop3")) {
      String answer = protocol.equals("smtp") ? "500 command line too long" : "-ERR line too long";
      nothingIsLeftOf(
          () -> {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port(protocol))) {
              socket.setSoTimeout(60_000);
              assertThrows(
                  IOException.class,
                  () -> {
                    for (int i = 0; i < 10; i++) {
                      socket.getOutputStream().write(megabyte);
                    }
                    // What is in the buffers of both kernels may not tell.
                    socket.getInputStream().readAllBytes();
                  });
            }
          });
      // Just beyond the limit, so that the answer is not lost with a connection that is reset.
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port(protocol))) {
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(megabyte, 0, 65_536);
        var said = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        assertTrue(said.contains(answer), said);
      }
    }
  }

  @Test
  void aHundredThousandRecipients() throws Exception {
    int group = 1_000;
    byte[] recipients = ("RCPT TO:<" + TO + ">\r\n").repeat(group).getBytes(ISO_8859_1);
    nothingIsLeftOf(
        1,
        () -> {
          try (var client = new SmtpClient(server.port())) {
            client.command("MAIL FROM:<a@b.example>");
            int accepted = 0;
            for (int i = 0; i < 100; i++) {
              client.write(recipients);
              for (int j = 0; j < group; j++) {
                String reply = client.reply();
                boolean taken = reply.startsWith("250 ");
                assertTrue(taken || reply.startsWith("452 "), reply);
                accepted += taken ? 1 : 0;
              }
            }
            assertEquals(50_000, accepted);
          }
        });
  }
}
