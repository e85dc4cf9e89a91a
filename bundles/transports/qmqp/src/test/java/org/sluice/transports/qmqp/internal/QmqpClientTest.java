package org.sluice.transports.qmqp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.queue.QueueException;
import org.sluice.base.BytesMessage;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.ScriptedServer;
import org.sluice.testkit.TestContext;

/** Servers that do not answer, messages and envelopes of every size, interrupts. */
class QmqpClientTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Envelope ENVELOPE =
      new Envelope(new ReversePath("s@s"), List.of(new Recipient("a@b")));

  @TempDir Path home;

  private static BytesMessage message(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return new BytesMessage(bytes, 0, bytes.length);
  }

  private static InetAddress ip(String text) throws IOException {
    return InetAddress.getByName(text);
  }

  /** A socket whose queue is full, so that the system does not answer further connections. */
  private static final class Hanging implements AutoCloseable {
    final ServerSocket server;
    private final List<Socket> waiting = new ArrayList<>();

    Hanging(String address, int port) throws IOException {
      server = new ServerSocket(port, 1, ip(address));
      var to = new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
      for (boolean room = true; room; ) {
        var socket = new Socket();
        waiting.add(socket);
        try {
          socket.connect(to, 300);
        } catch (java.net.SocketTimeoutException e) {
          room = false;
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  private static int status(QmqpClient client, String... servers) throws Exception {
    var list = new ArrayList<InetAddress>();
    for (String server : servers) {
      list.add(ip(server));
    }
    return assertThrows(QueueException.class, () -> client.send(list, message("hello\n"), ENVELOPE))
        .exitCode();
  }

  @Test
  void serverThatDoesNotAnswerTheCall() throws Exception {
    try (var hanging = new Hanging("127.0.0.4", 0)) {
      int port = hanging.server.getLocalPort();
      var client = new QmqpClient(port, SHORT);
      assertEquals(72, status(client, "127.0.0.3", "127.0.0.4"));
      assertEquals(73, status(client, "127.0.0.4", "127.0.0.3"));
      try (var good = new ScriptedServer("127.0.0.5", port, List.of(Map.of("send", "3:Kok,")))) {
        client.send(List.of(ip("127.0.0.4"), ip("127.0.0.5")), message("x"), ENVELOPE);
        assertEquals("16:1:x,3:s@s,3:a@b,,", good.received());
      }
    }
  }

  @Test
  void longMessageIsSpooledAndSentWhole() throws Exception {
    String text = "0123456789abcde\n".repeat(100_000);
    try (var server = new ScriptedServer("127.0.0.1", 0, List.of(Map.of("send", "K")))) {
      var control = new FakeControl(home, Map.of("qmqpservers", "127.0.0.1\n"));
      var context = new TestContext(List.of()).stdin(text).input(1, "Fs@s\0Ta@b\0\0");
      int exit = new QmqpcProgram(control, new QmqpClient(server.port())).run(context);
      assertEquals(0, exit);
      String body = text.length() + ":" + text + ",3:s@s,3:a@b,";
      assertEquals(body.length() + ":" + body + ",", server.received());
    }
  }

  @Test
  void readErrors() throws Exception {
    var broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("broken");
          }
        };
    assertEquals(54, assertThrows(QueueException.class, () -> Spool.read(broken)).exitCode());
    assertEquals(
        54,
        assertThrows(QueueException.class, () -> EnvelopeReader.read(java.util.Optional.of(broken)))
            .exitCode());
    var endless =
        new ByteArrayInputStream(new byte[0]) {
          @Override
          public synchronized int read(byte[] bytes, int offset, int length) {
            java.util.Arrays.fill(bytes, offset, offset + length, (byte) 'F');
            return length;
          }
        };
    assertEquals(
        51,
        assertThrows(
                QueueException.class, () -> EnvelopeReader.read(java.util.Optional.of(endless)))
            .exitCode());
  }

  @Test
  void interruptEndsTheWait() throws Exception {
    var waits = new CompletableFuture<Boolean>();
    try (var server = new ScriptedServer(List.of())) {
      var client = new QmqpClient(server.port());
      var thread =
          new Thread(
              () -> {
                try {
                  client.send(List.of(ip("127.0.0.1")), message("x"), ENVELOPE);
                  waits.complete(false);
                } catch (InterruptedException e) {
                  waits.complete(true);
                } catch (IOException e) {
                  waits.completeExceptionally(e);
                }
              });
      thread.start();
      thread.interrupt();
      assertTrue(waits.get(20, TimeUnit.SECONDS));
      thread.join();
    }
  }

  @Test
  void addressesModulo256() throws IOException {
    assertEquals(
        List.of(ip("127.0.0.1"), ip("1.2.3.4")),
        Servers.parse(List.of("127.0.256.257", "1.2.3.4:99", "1.2.3", "a1.2.3.4", "[1.2.3.4]")));
  }
}
