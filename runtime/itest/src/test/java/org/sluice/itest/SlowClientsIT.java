package org.sluice.itest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
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
  private static Socket connect(int port, String from) throws IOException {
    var loopback = InetAddress.getByName("127.0.0.1");
    var socket = new Socket(loopback, port, InetAddress.getByName(from), 0);
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void wellBehaved(Server server) throws Exception {
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
      Socket socket = connect(server.port(), "127.0.0.9");
      held.add(socket);
      greeted += socket.getInputStream().read() == '2' ? 1 : 0;
    }
    assertEquals(SHARE, greeted);
    wellBehaved(server);
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

    private final int port;
    private final String from;
    private final Kind kind;
    private final CountDownLatch holding;
    private final CountDownLatch enough = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run);

    Slow(int port, String from, Kind kind, CountDownLatch holding) {
      this.port = port;
      this.from = from;
      this.kind = kind;
      this.holding = holding;
      thread.start();
    }

    private void run() {
      while (enough.getCount() > 0) {
        try (Socket socket = connect(port, from)) {
          hold(socket);
        } catch (IOException e) {
          // Sent away in the midst of a word: once more.
        }
      }
    }

    private void hold(Socket socket) throws IOException {
      InputStream in = socket.getInputStream();
      if (in.read() < 0) {
        return;
      }
      socket.getOutputStream().write(kind.start.getBytes(ISO_8859_1));
      holding.countDown();
      socket.setSoTimeout(50);
      var said = new StringBuilder();
      while (enough.getCount() > 0) {
        try {
          int octet = in.read();
          if (octet < 0) {
            return;
          }
          said.append((char) octet);
          if (said.indexOf("451 timeout") >= 0) {
            TOLD.add(kind);
          }
        } catch (SocketTimeoutException e) {
          if (kind.drips) {
            socket.getOutputStream().write('x');
          }
        }
      }
    }

    @Override
    public void close() {
      enough.countDown();
    }
  }

  private void whoHoldsAllConnectionsLosesThem() throws Exception {
    server.impatient();
    hold(server.port(), LIMIT, Kind.values());
    wellBehaved(server);
    Poll.until("all kinds are told", 60_000, () -> Slow.TOLD.containsAll(Set.of(Kind.values())));
    wellBehaved(server);
  }

  /**
   * So many of them come at once, each from an address of its own; returns when all places are
   * taken.
   */
  private void hold(int port, int clients, Kind... kinds) throws InterruptedException {
    var holding = new CountDownLatch(LIMIT);
    for (int i = 0; i < clients; i++) {
      held.add(new Slow(port, "127.0.1." + (i + 1), kinds[i % kinds.length], holding));
    }
    assertTrue(holding.await(60, TimeUnit.SECONDS));
  }

  /** Their time-outs are long, and they count no addresses. */
  @Test
  void theShippedListenersServeOthersToo() throws Exception {
    try (var shipped = new Server("slow-shipped", Map.of())) {
      String said = shipped.sluice("mailbox", "add", "joe");
      String password = said.replaceFirst("(?s).*pop3: user \\S+ \\S+ (\\S+).*", "$1");
      fewPlaces(shipped, "org.sluice.net-smtp.cfg");
      fewPlaces(shipped, "org.sluice.net-pop3.cfg");
      shipped.start();
      hold(shipped.port(), 2 * LIMIT, Kind.SILENT, Kind.SLOW_COMMAND, Kind.SLOW_MESSAGE);
      wellBehaved(shipped);
      letGo();
      hold(shipped.port("pop3"), 2 * LIMIT, Kind.SILENT, Kind.SLOW_COMMAND);
      try (var client = Pop3Client.login(shipped.port("pop3"), "joe", password)) {
        assertEquals("+OK 0 0", client.command("STAT"));
      }
    }
  }

  /** The listener of the distribution but for the number of places and that of an address. */
  private static void fewPlaces(Server shipped, String file) throws IOException {
    String text = Files.readString(Server.DIST.resolve("conf").resolve(file));
    shipped.conf(
        file,
        text.replaceFirst("(?m)^limit = .*$", "limit = " + LIMIT)
            .replaceFirst("(?m)^perAddressLimit = .*$", ""));
  }
}
