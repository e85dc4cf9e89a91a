package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.net.Connection;
import org.sluice.testkit.Background;
import org.sluice.testkit.TestTls;

/** A trusted peer speaks for others (XCLIENT). */
@Timeout(60)
class OtherClientTest {
  private final Harness harness = new Harness();

  /** Each line is NAME=value ...; answers with the environment. Greets; ends when not let in. */
  private static void speak(Connection connection) throws IOException {
    Echo.say(connection, "hello");
    boolean admitted = true;
    for (String line = Echo.line(connection); line != null; line = Echo.line(connection)) {
      Map<String, String> variables = new HashMap<>();
      for (String word : line.split(" ")) {
        String[] pair = word.split("=", 2);
        variables.put(pair[0], pair[1]);
      }
      admitted = connection.client(variables);
      if (!admitted) {
        return;
      }
      var told = new TreeMap<>(connection.environment());
      told.keySet().removeIf(name -> !name.matches("TCPREMOTE.*|SSL_C.*|RULE"));
      Echo.say(connection, told.toString());
    }
  }

  private Client greeted() throws IOException {
    var client = harness.client();
    assertEquals("hello", client.line());
    return client;
  }

  private Client speaksFor(String ip) throws IOException {
    var client = greeted();
    client.send("TCPREMOTEIP=" + ip);
    return client;
  }

  private static void answer(ServerSocket identd) {
    try (var asked = identd.accept()) {
      asked.getOutputStream().write("1,2:USERID:UNIX:joe\r\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that does not count as the peer any more. */
  private Client counted(String ip) throws IOException {
    var client = speaksFor(ip);
    assertEquals("{TCPREMOTEIP=" + ip + "}", client.line());
    return client;
  }

  @Test
  void nothingIsLeftOfTheClientBefore() throws Exception {
    try (var identd = new ServerSocket(0)) {
      Background.run(() -> answer(identd));
      harness.identification =
          new Identification(
              local -> Optional.empty(),
              remote -> Optional.of("proxy.example"),
              Optional.of(new Ident(identd.getLocalPort(), Duration.ofSeconds(20), true, 257)));
      harness.rules =
          (ip, host, info) -> new Verdict(false, Map.of("RULE", info + "@" + ip + "=" + host));
      harness.with(OtherClientTest::speak).start();
      try (harness;
          var client = greeted()) {
        int port = client.socket.getLocalPort();
        assertEquals(
            "{RULE=joe@127.0.0.1=proxy.example, TCPREMOTEHOST=proxy.example, TCPREMOTEINFO=joe,"
                + " TCPREMOTEIP=127.0.0.1, TCPREMOTEPORT="
                + port
                + "}",
            client.ask("TCPREMOTEIP=127.0.0.1"));
        assertEquals(
            "{RULE=null@192.0.2.7=null, TCPREMOTEIP=192.0.2.7}",
            client.ask("TCPREMOTEIP=192.0.2.7"));
        // Said in several commands: what one does not name stays.
        assertEquals(
            "{RULE=null@192.0.2.7=h, TCPREMOTEHOST=h, TCPREMOTEIP=192.0.2.7, TCPREMOTEPORT=25}",
            client.ask("TCPREMOTEHOST=h TCPREMOTEPORT=25"));
        assertEquals(
            "{RULE=null@192.0.2.7=h, TCPREMOTEHOST=h, TCPREMOTEIP=192.0.2.7, TCPREMOTEPORT=25}",
            client.ask("TCPREMOTEIP=192.0.2.7"));
        assertEquals(
            "{RULE=null@192.0.2.8=i, TCPREMOTEHOST=i, TCPREMOTEIP=192.0.2.8}",
            client.ask("TCPREMOTEHOST=i TCPREMOTEIP=192.0.2.8"));
        assertEquals("{RULE=null@=null}", client.ask("TCPREMOTEIP="));
      }
    }
  }

  @Test
  void limitsSeeIt() throws Exception {
    harness.perAddress = 2;
    harness.with(new Refusing()).start();
    try (harness;
        var one = counted("192.0.2.1");
        var two = counted("192.0.2.2");
        var three = counted("192.0.2.1")) {
      assertFalse(two.socket.isClosed() || three.socket.isClosed());
      // The peer itself has its share yet.
      try (var more = speaksFor("192.0.2.1")) {
        assertEquals("too many", more.line());
        assertNull(more.line());
      }
      // What the refused one took is given back, to both.
      assertEquals("{TCPREMOTEIP=192.0.2.3}", one.ask("TCPREMOTEIP=192.0.2.3"));
      try (var more = speaksFor("192.0.2.1")) {
        assertEquals("{TCPREMOTEIP=192.0.2.1}", more.line());
      }
    }
  }

  @Test
  void oneThatIsNotKnownCountsAsThePeer() throws Exception {
    harness.perAddress = 1;
    harness.with(new Refusing()).start();
    try (harness;
        var one = speaksFor("192.0.2.1")) {
      assertEquals("{TCPREMOTEIP=192.0.2.1}", one.line());
      try (var peer = greeted()) {
        assertEquals("too many", one.ask("TCPREMOTEIP="));
        assertNull(one.line());
        peer.send("TCPREMOTEIP="); // it is the one that counts
        assertEquals("{}", peer.line());
      }
    }
  }

  @Test
  void theEndOfASessionGivesBackWhatItTook() throws Exception {
    harness.perAddress = 1;
    harness.with(new Refusing()).start();
    try (harness) {
      try (var one = speaksFor("192.0.2.1")) {
        assertEquals("{TCPREMOTEIP=192.0.2.1}", one.line());
      }
      Wait.until(
          () -> {
            try (var later = speaksFor("192.0.2.1")) {
              return "{TCPREMOTEIP=192.0.2.1}".equals(later.line());
            }
          });
      Wait.until(
          () -> {
            try (var peer = harness.client()) {
              return "hello".equals(peer.line());
            }
          });
    }
  }

  @Test
  void isToldWithinTls(@TempDir Path directory) throws Exception {
    var tls = new TestTls(directory);
    harness.implicitTls = true;
    harness.tls.set(tls);
    harness.perAddress = 1;
    harness.with(new Refusing()).start();
    try (harness;
        var one = new Client(tls.client(harness.client().socket))) {
      assertEquals("hello", one.line());
      one.ask("TCPREMOTEIP=192.0.2.1");
      try (var two = new Client(tls.client(harness.client().socket))) {
        assertEquals("hello", two.line());
        assertEquals("too many", two.ask("TCPREMOTEIP=192.0.2.1"));
        assertNull(two.line());
      }
    }
  }

  /** {@link #speak} with a refusal. */
  private static final class Refusing implements org.sluice.api.net.ConnectionHandler {
    @Override
    public void handle(Connection connection) throws IOException {
      speak(connection);
    }

    @Override
    public String refusal() {
      return "too many\n";
    }
  }
}
