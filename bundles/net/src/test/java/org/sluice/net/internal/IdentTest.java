package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Ident servers, good and bad (spec 20 sections 5.4 and 5.8). */
class IdentTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(400);

  /** What a server does with the connection once it has read the question. */
  private interface Answer {
    void to(OutputStream out) throws IOException;
  }

  private final CompletableFuture<String> question = new CompletableFuture<>();

  private Optional<String> ask(Duration limit, boolean inAll, Answer answer) throws Exception {
    var loopback = InetAddress.getByName("127.0.0.1");
    try (var server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.7"))) {
      var thread = new Thread(() -> serve(server, answer), "ident-server");
      thread.setDaemon(true);
      thread.start();
      return new Ident(server.getLocalPort(), limit, inAll, 257)
          .ask(
              new InetSocketAddress(loopback, 34657),
              new InetSocketAddress(server.getInetAddress(), 42215));
    }
  }

  private void serve(ServerSocket server, Answer answer) {
    try (Socket client = server.accept()) {
      byte[] line = client.getInputStream().readNBytes("42215 , 34657\r\n".length());
      question.complete(
          client.getInetAddress().getHostAddress()
              + " "
              + new String(line, StandardCharsets.US_ASCII));
      answer.to(client.getOutputStream());
    } catch (IOException e) {
      question.completeExceptionally(e);
    }
  }

  private static Answer text(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private Optional<String> answer(String text) throws Exception {
    return ask(LONG, true, text(text));
  }

  @Test
  void asksFromTheAddressOfTheConnection() throws Exception {
    answer("x\n");
    assertEquals("127.0.0.1 42215 , 34657\r\n", question.get(20, TimeUnit.SECONDS));
  }

  @Test
  void answers() throws Exception {
    assertEquals(Optional.of("joe:x%y"), answer("42215 , 34657 : USERID : UNIX :  jo\te:x %y\r\n"));
    assertEquals(Optional.of(""), answer("42215,34657:ERROR:NO-USER\r\n"));
    assertEquals(Optional.of(""), answer("\n"));
    assertEquals(Optional.of("z".repeat(257)), answer("1:USERID:UNIX:" + "z".repeat(400) + "\n"));
    assertEquals(Optional.of("\u00ff"), answer(":::\u00ff\nmore"));
    // No variable can have a NUL: with one in it, no program could be started.
    assertEquals(Optional.of("a"), answer(":::a\0b\n"));
    assertEquals(Optional.of(""), answer(":::\0b\n"));
    assertEquals(Optional.of("a"), answer(":\0:\0:a\n"));
  }

  @Test
  void noAnswer() throws Exception {
    assertEquals(Optional.empty(), answer(""));
    assertEquals(Optional.empty(), answer("42215,34657:USERID:UNIX:joe"));
    assertEquals(Optional.empty(), answer("x".repeat(1 << 20)));
  }

  @Test
  void nobodyListens() throws Exception {
    int port = Harness.freePort();
    var address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 1);
    assertEquals(Optional.empty(), new Ident(port, LONG, true, 257).ask(address, address));
  }

  @Test
  void oneDeadlineForAllOrOneForEachRead() throws Exception {
    Answer slow =
        out -> {
          try {
            for (char c : "::: slow and steady\n".toCharArray()) {
              Thread.sleep(60);
              out.write(c);
            }
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        };
    assertEquals(Optional.empty(), ask(SHORT, true, slow));
    assertEquals(Optional.of("slowandsteady"), ask(Duration.ofSeconds(10), false, slow));
  }
}
