package org.sluice.itest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that hold connections and say next to nothing do not keep others out. */
class SlowClientsIT {
  private static final int LIMIT = 12;
  private static final int SHARE = 4;
  private static final String TO = Server.user() + "@localhost";
  private static Server server;

  private final List<AutoCloseable> held = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    server = new Server("slow", Map.of());
    server.conf(
        "org.sluice.net-smtp.cfg",
        "protocol = smtp\naddress = 0\nport = 0\nlimit = %d\nperAddressLimit = %d\n"
            .formatted(LIMIT, SHARE));
    server.conf("org.sluice.smtp.limits.cfg", "commandSeconds = 1\nmessageSeconds = 1\n");
    server.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @AfterEach
  void letGo() throws Exception {
    for (AutoCloseable one : held) {
      one.close();
    }
    held.clear();
  }

  /** All of 127/8 is this host's. */
  private static Socket connect(String from) throws IOException {
    var loopback = InetAddress.getByName("127.0.0.1");
    var socket = new Socket(loopback, server.port(), InetAddress.getByName(from), 0);
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void wellBehaved() throws Exception {
    var maildir = server.maildir(Server.user());
    maildir.clear();
    try (var client = new SmtpClient(server.port())) {
      assertTrue(client.command("EHLO client.example").startsWith("250 "));
      assertTrue(client.send("a@b.example", TO, "Subject: x\n\nx\n").startsWith("250 "));
    }
    Poll.until("delivered", 60_000, () -> maildir.count() == 1);
  }

  /** One after the other: what the second sets is not for the first. */
  @Test
  void neitherOneAddressNorManyKeepOthersOut() throws Exception {
    oneAddressGetsItsShareAndNoMore();
    letGo();
    whoHoldsAllConnectionsLosesThem();
  }

  private void oneAddressGetsItsShareAndNoMore() throws Exception {
    int greeted = 0;
    for (int i = 0; i < 3 * LIMIT; i++) {
      Socket socket = connect("127.0.0.9");
      held.add(socket);
      greeted += socket.getInputStream().read() == '2' ? 1 : 0;
    }
    assertEquals(SHARE, greeted);
    wellBehaved();
  }

  private static final String MESSAGE =
      "MAIL FROM:<a@b.example>\r\nRCPT TO:<" + TO + ">\r\nDATA\r\nSubject: slow\r\n";

  /** What is said at once, and whether an octet follows now and then. */
  private enum Kind {
    SILENT("", false),
    SLOW_COMMAND("MAIL FR", true),
    SLOW_MESSAGE(MESSAGE, true),
    /** As if its host had lost its power: nothing comes any more, not even an end. */
    HALF_OPEN(MESSAGE, false);

    private final String start;
    private final boolean drips;

    Kind(String start, boolean drips) {
      this.start = start;
      this.drips = drips;
    }
  }

  /** Comes again whenever it is sent away. */
  private static final class Slow implements AutoCloseable {
    /** The kinds that were told the reason. */
    static final Set<Kind> TOLD = ConcurrentHashMap.newKeySet();

    private final String from;
    private final Kind kind;
    private final CountDownLatch holding;
    private final CountDownLatch enough = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run);

    Slow(String from, Kind kind, CountDownLatch holding) {
      this.from = from;
      this.kind = kind;
      this.holding = holding;
      thread.start();
    }

    private void run() {
      while (enough.getCount() > 0) {
        try (Socket socket = connect(from)) {
          hold(socket);
        } catch (IOException e) {
          // Sent away in the midst of a word: once more.
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    private void hold(Socket socket) throws IOException, InterruptedException {
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      if (in.readLine() == null) {
        return;
      }
      socket.getOutputStream().write(kind.start.getBytes(ISO_8859_1));
      holding.countDown();
      while (!enough.await(50, TimeUnit.MILLISECONDS)) {
        while (in.ready()) {
          String line = in.readLine();
          if (line == null || line.startsWith("451 timeout")) {
            TOLD.add(kind);
            return;
          }
        }
        if (kind.drips) {
          socket.getOutputStream().write('x');
        }
      }
    }

    @Override
    public void close() {
      enough.countDown();
      thread.interrupt();
    }
  }

  private void whoHoldsAllConnectionsLosesThem() throws Exception {
    server.impatient();
    var holding = new CountDownLatch(LIMIT);
    for (int i = 0; i < LIMIT; i++) {
      held.add(new Slow("127.0.1." + (i + 1), Kind.values()[i % Kind.values().length], holding));
    }
    assertTrue(holding.await(60, TimeUnit.SECONDS));
    wellBehaved();
    Poll.until("all kinds are told", 60_000, () -> Slow.TOLD.containsAll(Set.of(Kind.values())));
    wellBehaved();
  }
}
