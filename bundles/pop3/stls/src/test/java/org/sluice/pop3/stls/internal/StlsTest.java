package org.sluice.pop3.stls.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.TlsKeys;
import org.sluice.listeners.pop3.internal.Accounts;
import org.sluice.listeners.pop3.internal.Fake;
import org.sluice.listeners.pop3.internal.StreamConnection;
import org.sluice.testkit.SwitchedKeys;
import org.sluice.testkit.TestConnection;

class StlsTest {
  @TempDir Path home;
  private final SwitchedKeys keys = new SwitchedKeys();
  private final Stls extension = new Stls(new TlsKeys(Duration.ofMinutes(10)));
  private Accounts accounts;

  @BeforeEach
  void make() throws IOException {
    extension.bindServer(keys);
    accounts = new Accounts(home).join(extension, Fake.lister());
  }

  @Test
  void isOfferedWithKeysUntilTlsHasBegun() throws Exception {
    var connection =
        new StreamConnection(
            new ByteArrayInputStream("LINES\r\nSTLS\r\nNOOP\r\n".getBytes()), Accounts.LOCAL);
    connection.encrypted =
        Optional.of(new ByteArrayInputStream("STLS\r\nLINES\r\nQUIT\r\n".getBytes()));
    List<String> heard = connection.lines(accounts.start(connection));
    String own = "+OK |TOP|UIDL|PIPELINING|EXPIRE NEVER|USER|";
    assertEquals(
        own + "STLS|.|+OK begin TLS|-ERR no TLS now|" + own + ".|+OK ",
        String.join("|", heard.subList(1, heard.size())));
  }

  @Test
  void notAfterTheLogin() throws Exception {
    assertEquals("-ERR unimplemented\r\n+OK 0 0\r\n", accounts.read("STLS\r\nSTAT\r\n"));
    assertFalse(accounts.read("LINES\r\n").contains("STLS"));
  }

  private void assertNotOffered(String said) {
    assertFalse(said.contains("\r\nSTLS\r\n"), said);
    assertTrue(said.endsWith(".\r\n-ERR no TLS now\r\n+OK \r\n"), said);
  }

  @Test
  void withoutKeysItIsNotOffered() throws Exception {
    keys.ready = false;
    assertNotOffered(accounts.say("LINES\r\nSTLS\r\nNOOP\r\n"));
    keys.ready = true;
    assertTrue(accounts.say("LINES\r\n").contains("\r\nSTLS\r\n"));
    var without = new Stls(new TlsKeys(Duration.ZERO));
    without.bindServer(keys);
    without.unbindServer(keys);
    accounts = new Accounts(home).join(without, Fake.lister());
    assertNotOffered(accounts.say("LINES\r\nSTLS\r\nNOOP\r\n"));
  }

  @Test
  void aListenerMayOfferNone() throws Exception {
    var environment = Map.of("TCPREMOTEIP", "127.0.0.1", "UCSPITLS", "-");
    var connection = new TestConnection("LINES\r\nSTLS\r\nNOOP\r\n", environment, 1 << 16);
    accounts.serve(connection);
    assertNotOffered(connection.heard());
  }

  @Test
  void takesNoArgument() throws Exception {
    assertTrue(accounts.say("STLS x\r\n").endsWith("\r\n-ERR syntax error\r\n"));
  }

  @Test
  void aFailedHandshakeEndsTheSession() {
    var connection = new TestConnection("STLS\r\nNOOP\r\n", Accounts.REMOTE, 1 << 16);
    assertThrows(IOException.class, () -> accounts.serve(connection));
    assertTrue(connection.heard().endsWith("\r\n+OK begin TLS\r\n"));
  }

  @Test
  void keysThatAreBeingReplacedAreWaitedFor() throws Exception {
    extension.unbindServer(keys);
    var asked = new FutureTask<>(() -> accounts.say("LINES\r\n"));
    var client = new Thread(asked);
    client.start();
    while (client.getState() != Thread.State.TIMED_WAITING && client.isAlive()) {
      Thread.onSpinWait();
    }
    extension.bindServer(keys);
    assertTrue(asked.get(60, TimeUnit.SECONDS).contains("\r\nSTLS\r\n"));
  }
}
