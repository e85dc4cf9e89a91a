package org.sluice.net.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.net.Connection;
import org.sluice.net.internal.rules.TcpRules;
import org.sluice.testkit.TestContext;

/** Who is let in by real databases, and what is known of whom. */
class ClientsTest {
  @TempDir Path home;
  private final Harness harness = new Harness();

  @AfterEach
  void stop() {
    if (harness.server != null) {
      harness.close();
    }
  }

  /** Tells a client its environment, a line. */
  private static void environment(Connection connection) throws IOException {
    var sorted = new TreeMap<>(connection.environment());
    sorted.remove("TCPREMOTEPORT");
    sorted.remove("TCPLOCALPORT");
    connection.out().write((sorted + "\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private void rules(String text) throws Exception {
    var context = new TestContext(List.of("rules.cdb", "rules.tmp")).stdin(text).in(home);
    assertEquals(0, new TcpRules().run(context), context.stderr());
  }

  private String line() throws IOException {
    try (var client = harness.client()) {
      return client.line();
    }
  }

  @Test
  void rulesAreReplacedWhileSessionsRun() throws Exception {
    rules("127.0.0.1:allow,A=\"1\"\n:deny\n");
    try (var file = new RuleFile(home.resolve("rules.cdb"), CdbRules::open)) {
      harness.rules = file;
      harness.with(new Echo("e")).start();
      try (var old = harness.client()) {
        assertEquals("hello", old.line());
        rules("127.0.0.1:deny\n");
        assertNull(line());
        assertEquals("e still here", old.ask("still here"));
        rules(":allow\n");
        assertEquals("hello", line());
        Files.write(home.resolve("rules.cdb"), new byte[0]);
        assertNull(line(), "an empty file drops everybody");
        Files.delete(home.resolve("rules.cdb"));
        assertNull(line(), "and so does none");
        rules("");
        assertEquals("hello", line(), "a database without records does not");
        assertEquals("bye", old.ask("quit"));
      }
    }
  }

  @Test
  void nameAndIdentDecideAndAreToldTheHandler() throws Exception {
    rules("joe@127.0.0.1:allow,R=\"joe\"\n=.example:allow,R=\"name\"\n:deny\n");
    try (var file = new RuleFile(home.resolve("rules.cdb"), CdbRules::open)) {
      harness.rules = file;
      harness.environment = Map.of("R", "listener", "TCPLOCALHOST", "set");
      harness.identification =
          new Identification(
              local -> Optional.empty(), remote -> Optional.of("c.example"), Optional.empty());
      harness.with(ClientsTest::environment).start();
      assertEquals(
          "{PROTO=TCP, R=name, TCPLOCALHOST=set, TCPLOCALIP=127.0.0.1, TCPREMOTEHOST=c.example,"
              + " TCPREMOTEIP=127.0.0.1}",
          line());
    }
  }

  @Test
  void tooOften() throws Exception {
    harness.rate = 2;
    harness.with(new Echo("e")).start();
    assertEquals("hello", line());
    assertEquals("hello", line());
    assertEquals("too many", line());
  }

  private String line(String address) throws IOException {
    int port = harness.server.address().getPort();
    try (var socket = new Socket(InetAddress.getByName(address), port)) {
      socket.setSoTimeout(20_000);
      byte[] text = socket.getInputStream().readAllBytes();
      return new String(text, StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void zeroIsIpv4Only() throws Exception {
    Six.needed();
    harness.address = "0";
    harness.with(ClientsTest::environment).start();
    assertEquals(
        "{PROTO=TCP, TCPLOCALHOST=here.example, TCPLOCALIP=127.0.0.1, TCPREMOTEIP=127.0.0.1}\n",
        line("127.0.0.1"));
    assertThrows(ConnectException.class, () -> line("::1"));
  }

  @Test
  void doubleColonIsBoth() throws Exception {
    Six.needed();
    rules("127.:deny\n[::/12]:allow,N=\"six\"\n:deny\n");
    try (var file = new RuleFile(home.resolve("rules.cdb"), CdbRules::open)) {
      harness.rules = file;
      harness.address = "::";
      harness.with(ClientsTest::environment).start();
      assertEquals(
          "{N=six, PROTO=TCP, TCPLOCALHOST=here.example, TCPLOCALIP=::1, TCPREMOTEIP=::1}\n",
          line("::1"));
      assertEquals("", line("127.0.0.1"));
    }
  }
}
