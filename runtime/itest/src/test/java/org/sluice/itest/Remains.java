package org.sluice.itest;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** What clients leave behind in a server, which should be nothing. */
final class Remains {
  /** Places that each listener has. */
  static final int LIMIT = 10;

  /** More than the listener has room for at once, of each kind. */
  private static final int ROUNDS = 2 * LIMIT;

  private final Server server;

  Remains(Server server) {
    this.server = server;
  }

  /** What one client does. */
  interface Wrong {
    void run() throws Exception;
  }

  /** Before the server starts: smtp, smtps and pop3 with few places, and a certificate. */
  static void configure(Server server, String more) throws IOException, InterruptedException {
    server.control("servercert.pem", Certificate.make(server.home));
    String places = "address = 127.0.0.1\nport = 0\nlimit = " + LIMIT + "\n" + more;
    server.conf("org.sluice.net-smtp.cfg", "protocol = smtp\n" + places);
    server.conf("org.sluice.net-smtps.cfg", "protocol = smtp\ntls = true\n" + places);
    server.conf("org.sluice.net-pop3.cfg", "protocol = pop3\n" + places);
  }

  /** Has many clients do it, and waits until the server is as it was after the first. */
  void nothingIsLeftOf(Wrong client) throws Exception {
    nothingIsLeftOf(ROUNDS, client);
  }

  /** Likewise, after the first so many times. */
  void nothingIsLeftOf(int rounds, Wrong client) throws Exception {
    int before = sockets();
    int staged = staged();
    client.run(); // what is loaded and opened once, is now
    Poll.until("the first is gone", 60_000, () -> sockets() <= before && staged() <= staged);
    int threads = threads();
    int files = descriptors();
    for (int i = 0; i < rounds; i++) {
      client.run();
    }
    Poll.until("all are gone", 60_000, () -> sockets() <= before && staged() <= staged);
    // Pooled threads stay for a minute: one that was not free yet for the next client does so, too.
    Poll.until("threads have ended", 120_000, () -> threads() < threads + LIMIT);
    Poll.until("files are closed", 60_000, () -> descriptors() < files + LIMIT);
    everyPlaceIsFree();
    // No client is so strange that it is an error of ours.
    String log = log();
    assertFalse(log.contains("\n\tat "), log);
  }

  private void everyPlaceIsFree() throws Exception {
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

  /** A connection to smtps that is greeted. */
  SSLSocket secured(SSLSocketFactory factory) throws IOException {
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

  /** What the server has logged so far, without the lines of qmail-send. */
  String log() throws IOException {
    return Files.readString(server.home.resolve("log/sluice"));
  }

  /** Messages that are on disk before they are in the queue. */
  int staged() throws IOException {
    return entries(server.home.resolve("queue/log/bodies"));
  }

  private int sockets() throws IOException {
    return count("socket:");
  }

  private int descriptors() throws IOException {
    return count("");
  }

  private int count(String start) throws IOException {
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

  private int threads() throws IOException {
    return entries(Path.of("/proc/" + server.pid() + "/task"));
  }

  private static int entries(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return (int) entries.count();
    }
  }
}
