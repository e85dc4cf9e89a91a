package org.sluice.itest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Clients whose host has lost its power: neither octets nor an end of the connection come any more.
 * To the server a client that neither speaks nor reads nor closes is the same.
 */
class HalfOpenIT {
  private static final int PATIENCE = 3;

  /** Of each stage at a time. */
  private static final int CLIENTS = 2;

  /** So often that one thing left by each client of a single stage would be too much. */
  private static final int ROUNDS = Remains.LIMIT / CLIENTS + 1;

  /** More than what the buffers of both ends take. */
  private static final int LARGE = 32 << 20;

  private static final String MESSAGE =
      "HELO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<joe@localhost>\r\nDATA\r\n";
  private static final String TIMEOUT = "451 timeout (#4.4.2)\r\n";

  private static Server server;
  private static Remains remains;
  private static String login;

  @BeforeAll
  static void start() throws Exception {
    server = new Server("half-open", Map.of());
    String said = server.sluice("mailbox", "add", "joe");
    login = "PASS " + said.substring(said.indexOf(" password ") + 10).strip() + "\r\n";
    Path message = server.maildir("joe").path().resolve("cur/1.a:2,S");
    try (var file = new RandomAccessFile(message.toFile(), "rw")) {
      file.setLength(LARGE);
    }
    String patience = "timeoutSeconds = " + PATIENCE + "\n";
    Remains.configure(server, patience);
    server.control("timeoutsmtpd", PATIENCE + "\n");
    server.conf(
        "org.sluice.listeners.pop3.cfg",
        "extensions = true\nallowRoot = ${sluice.allow.root}\n" + patience);
    server.start().listening("smtps").listening("pop3");
    remains = new Remains(server);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  /** A client that says something and then stays as it is. */
  private static final class Gone implements AutoCloseable {
    private Socket socket = new Socket();
    private String lastWord = "";

    Gone(String protocol) throws IOException {
      socket.setReceiveBufferSize(8 << 10);
      var loopback = InetAddress.getLoopbackAddress();
      socket.connect(new InetSocketAddress(loopback, server.port(protocol)));
      socket.setSoTimeout(60_000);
    }

    Gone say(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      return this;
    }

    /** Reads up to a line that begins so. */
    Gone hear(String start) throws IOException {
      var line = new StringBuilder();
      while (!(line.indexOf(start) == 0 && line.indexOf("\n") > 0)) {
        if (line.indexOf("\n") > 0) {
          line.setLength(0);
        }
        int octet = socket.getInputStream().read();
        if (octet < 0) {
          throw new EOFException("after '" + line + "'");
        }
        line.append((char) octet);
      }
      return this;
    }

    Gone secure() throws Exception {
      var factory = Certificate.trustingAll().getSocketFactory();
      socket = factory.createSocket(socket, "localhost", socket.getPort(), true);
      return this;
    }

    /** Begins a handshake and waits for the server's part of it. */
    Gone hello() throws Exception {
      var engine = Certificate.trustingAll().createSSLEngine();
      engine.setUseClientMode(true);
      var hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), hello);
      socket.getOutputStream().write(hello.array(), 0, hello.position());
      assertEquals(22, socket.getInputStream().read(), "the type of handshake records");
      return this;
    }

    /** Sends lines of a message until some of it is on the server's disk. */
    Gone fill() throws IOException {
      do {
        say("x".repeat(70).concat("\r\n").repeat(1_000));
      } while (remains.staged() == 0);
      return this;
    }

    Gone isTold(String word) {
      lastWord = word;
      return this;
    }

    /** The server has ended the connection by itself, and has not said more than it could. */
    void check() throws IOException {
      var said = new ByteArrayOutputStream();
      try {
        socket.getInputStream().transferTo(said);
      } catch (SocketTimeoutException e) {
        throw e;
      } catch (IOException e) {
        assertEquals("", lastWord, e::toString); // cut off in the midst of a word
      }
      assertTrue(said.toString(ISO_8859_1).endsWith(lastWord), said::toString);
      assertTrue(said.size() < LARGE);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static Gone smtp() throws IOException {
    return new Gone("smtp").hear("220 ");
  }

  private static Gone pop3() throws IOException {
    return new Gone("pop3").hear("+OK");
  }

  private static final String FETCH = "RETR 1\r\n";

  /** One client of each stage. */
  private static List<Gone> vanish() throws Exception {
    return List.of(
        smtp().isTold(TIMEOUT),
        smtp().say("MAIL FR").isTold(TIMEOUT),
        smtp().say(MESSAGE).hear("354 ").fill().isTold(TIMEOUT),
        smtp().say("STARTTLS\r\n").hear("220 "),
        smtp().say("STARTTLS\r\n").hear("220 ").hello(),
        new Gone("smtps").hello(),
        new Gone("smtps").secure().hear("220 ").say(MESSAGE).hear("354 ").fill().isTold(TIMEOUT),
        pop3(),
        pop3().say("USER joe\r\n").hear("+OK").say("PASS "),
        // From here on the client's buffers are full, and so are the server's.
        pop3().say("USER joe\r\n").hear("+OK").say(login).hear("+OK").say(FETCH).hear("+OK"),
        pop3()
            .say("STLS\r\n")
            .hear("+OK")
            .secure()
            .say("USER joe\r\n")
            .hear("+OK")
            .say(login)
            .hear("+OK")
            .say(FETCH)
            .hear("+OK"));
  }

  @Test
  void whoeverVanishesIsGivenUpInTheEnd() throws Exception {
    List<Gone> gone = new ArrayList<>();
    try {
      remains.nothingIsLeftOf(
          ROUNDS,
          () -> {
            for (int i = 0; i < CLIENTS; i++) {
              gone.addAll(vanish());
            }
          });
      for (Gone client : gone) {
        client.check();
      }
    } finally {
      for (Gone client : gone) {
        client.close();
      }
    }
    assertEquals(0, server.maildir("joe").path().resolve("new").toFile().list().length);
  }
}
