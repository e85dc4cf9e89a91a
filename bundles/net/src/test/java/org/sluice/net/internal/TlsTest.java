package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.testkit.Background;
import org.sluice.testkit.TestTls;

/** TLS from the first octet on and later: time-outs, drain and ends are as in the clear. */
@Timeout(120)
class TlsTest {
  private static TestTls tls;
  private final Harness harness = new Harness();

  @BeforeAll
  static void keys(@TempDir Path directory) throws Exception {
    tls = new TestTls(directory);
  }

  private Harness implicit() {
    harness.implicitTls = true;
    harness.tls.set(tls);
    return harness;
  }

  private Socket plain() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), harness.server.address().getPort());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private Client client() throws IOException {
    return new Client(tls.client(plain()));
  }

  @Test
  void serves() throws IOException {
    implicit().with(new Echo("a")).start();
    try (harness;
        var client = client()) {
      assertEquals("hello", client.line());
      String large = "x".repeat(100_000);
      assertEquals("a " + large, client.ask(large));
      assertEquals("bye", client.ask("quit"));
      assertNull(client.line());
    }
  }

  @Test
  void tellsOfItInTheEnvironment() throws IOException {
    harness.with(
        c -> {
          assertTrue(c.tls().isPresent());
          c.client(java.util.Map.of("TCPREMOTEIP", "192.0.2.1"));
          Echo.say(
              c, c.environment().get("SSL_PROTOCOL") + " " + c.environment().get("SSL_CIPHER"));
        });
    implicit().start();
    try (harness;
        var client = client()) {
      var session = ((SSLSocket) client.socket).getSession();
      assertEquals(session.getProtocol() + " " + session.getCipherSuite(), client.line());
    }
  }

  @Test
  void beginsLater() throws IOException {
    harness.with(
        c -> {
          Echo.say(c, "clear");
          c.startTls(tls);
          assertThrows(IOException.class, () -> c.startTls(tls));
          new Echo("a").handle(c);
        });
    harness.start();
    try (harness;
        var socket = plain()) {
      var clear = new Client(socket);
      assertEquals("clear", clear.line());
      try (var client = new Client(tls.client(socket))) {
        assertEquals("hello", client.line());
        assertEquals("a x", client.ask("x"));
      }
    }
  }

  @Test
  void waitsForTheKeys() throws IOException {
    harness.implicitTls = true;
    harness.with(new Echo("a")).start();
    try (harness;
        var waiting = plain()) {
      harness.tls.set(tls);
      try (var client = new Client(tls.client(waiting))) {
        assertEquals("hello", client.line());
      }
    }
  }

  @Test
  void whoSpeaksNoTlsIsClosed() throws IOException {
    harness.limit = 1;
    harness.with(new Echo("a"));
    implicit().start();
    try (harness) {
      for (String said :
          new String[] {"GET / HTTP/1.0\r\n\r\n", "EHLO x\r\n", "\0\1\2\3\4\5\6\7"}) {
        try (var socket = plain()) {
          socket.getOutputStream().write(said.getBytes(StandardCharsets.ISO_8859_1));
          socket.shutdownOutput();
          socket.getInputStream().readAllBytes(); // perhaps an alert, then the end
        } catch (java.net.SocketException reset) {
          assertFalse(reset instanceof java.net.ConnectException, reset.toString());
        }
      }
      plain().close();
      // With a limit of one the slots of all these must have come back.
      try (var client = client()) {
        assertEquals("hello", client.line());
      }
    }
  }

  @Test
  void whoIsStillWritingWhenTlsFailsIsNotReset() throws IOException {
    implicit().with(new Echo("a")).start();
    try (harness;
        var socket = plain()) {
      socket.getOutputStream().write("GET / HTTP/1.0\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals(7, socket.getInputStream().readAllBytes().length, "an alert");
      // A client that does not know it yet goes on.
      for (int i = 0; i < 100; i++) {
        socket.getOutputStream().write(new byte[100_000]);
      }
    }
  }

  @Test
  void aHandshakeHasATimeLimit() throws Exception {
    harness.limit = 1;
    harness.timeout = Duration.ofMillis(500);
    implicit().with(new Echo("a")).start();
    try (harness;
        var silent = plain()) {
      silent.getInputStream().readAllBytes();
      // The beginning of a record of 16 KiB, an octet now and then.
      try (var slow = plain()) {
        slow.getOutputStream().write(new byte[] {0x16, 3, 1, 0x40, 0});
        assertThrows(
            IOException.class,
            () -> {
              for (int i = 0; i < 200; i++) {
                Thread.sleep(100); // the pace of this client is what is tested
                slow.getOutputStream().write(1);
              }
            });
      }
    }
  }

  /** Their minute, the time for a handshake, is not for them to take from others. */
  @Test
  void whoDoesNotGoOnWithTheHandshakeLosesItsPlace() throws Exception {
    harness.limit = 2;
    harness.timeout = Duration.ofSeconds(60);
    harness.window = Duration.ofMillis(200);
    implicit().with(new Echo("a")).start();
    try (harness;
        var silent = plain();
        var begun = plain()) {
      begun.getOutputStream().write(new byte[] {0x16, 3, 1, 0x40, 0});
      try (var one = client()) {
        assertEquals("hello", one.line());
        try (var two = client()) {
          assertEquals("hello", two.line());
        }
      }
      silent.getInputStream().readAllBytes();
      begun.getInputStream().readAllBytes();
    }
  }

  @Test
  void anIdleSessionIsTold() throws Exception {
    implicit().with(new Echo("a")).start();
    try (harness;
        var client = client()) {
      assertEquals("hello", client.line());
      assertEquals("a x", client.ask("x"));
      var removal =
          Background.run(
              () ->
                  Drain.run(
                      harness.handlers.remove(1),
                      "test",
                      Duration.ofMillis(100),
                      Duration.ofSeconds(60)));
      assertEquals("421", client.line());
      assertNull(client.line());
      removal.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aReadTimesOutAndTheClientCanBeTold() throws Exception {
    var thrown = new CompletableFuture<Throwable>();
    harness.with(
        c -> {
          c.timeout(Duration.ofMillis(200));
          try {
            c.in().read();
          } catch (IOException e) {
            thrown.complete(e);
          }
          c.timeout(Duration.ofSeconds(20));
          Echo.say(c, "timeout");
          // Nothing was lost by it.
          Echo.say(c, Echo.line(c));
        });
    implicit().start();
    try (harness;
        var client = client()) {
      assertEquals("timeout", client.line());
      assertInstanceOf(SocketTimeoutException.class, thrown.get(20, TimeUnit.SECONDS));
      assertEquals("later", client.ask("later"));
    }
  }

  @Test
  void writeToAClientThatTakesNothingFails() throws Exception {
    var thrown = new CompletableFuture<Throwable>();
    harness.timeout = Duration.ofMillis(300);
    harness.with(
        c -> {
          try {
            Echo.line(c);
            var block = new byte[1 << 20];
            for (int i = 0; i < 1000; i++) {
              c.out().write(block);
            }
            thrown.complete(new AssertionError("all written"));
          } catch (IOException e) {
            thrown.complete(e);
          }
        });
    implicit().start();
    try (harness;
        var client = client()) {
      client.send("go");
      assertInstanceOf(IOException.class, thrown.get(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void aClientThatIsGoneFreesItsSlot() throws Exception {
    harness.limit = 1;
    implicit().with(new Echo("a")).start();
    try (harness) {
      for (int linger : new int[] {-1, 0}) { // FIN, and RST
        var socket = plain();
        var client = new Client(tls.client(socket));
        assertEquals("hello", client.line());
        socket.setSoLinger(linger >= 0, Math.max(0, linger));
        socket.close(); // without a close_notify
      }
      try (var client = client()) {
        assertEquals("hello", client.line());
      }
    }
  }
}
