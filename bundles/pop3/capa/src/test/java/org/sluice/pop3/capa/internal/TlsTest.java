package org.sluice.pop3.capa.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.net.TlsServer;
import org.sluice.base.Plaintext;
import org.sluice.base.TlsKeys;
import org.sluice.listeners.pop3.internal.Accounts;
import org.sluice.listeners.pop3.internal.StreamConnection;
import org.sluice.testkit.TestConnection;
import org.sluice.testkit.Vectors;

/** TLS in the dialogue with all extensions (RFC 2595, spec 20 section 15.9). */
class TlsTest {
  private static final TlsServer KEYS =
      socket -> {
        throw new IOException("unused");
      };

  @TempDir Path home;
  private final TlsKeys keys = new TlsKeys(Duration.ZERO);
  private Accounts accounts;
  private String greeting;

  @BeforeEach
  void make() throws IOException {
    accounts = Installed.on(home, keys);
    accounts.passwords("joe:$5$saltsalt$xxlo6gDiH.PI3r0zRVjKpVYBIFOVBGmkHBqAUKT3PV7\n");
    keys.set(KEYS);
  }

  private List<String> say(String clear, Optional<InputStream> encrypted) throws Exception {
    return say(clear, encrypted, Accounts.REMOTE);
  }

  private List<String> say(
      String clear, Optional<InputStream> encrypted, Map<String, String> environment)
      throws Exception {
    var in = new ByteArrayInputStream(Vectors.bytes(clear));
    var connection = new StreamConnection(in, environment);
    connection.encrypted = encrypted;
    List<String> lines = connection.lines(accounts.start(connection));
    greeting = lines.get(0);
    return lines.subList(1, lines.size());
  }

  private static Optional<InputStream> stream(String text) {
    return Optional.of(new ByteArrayInputStream(Vectors.bytes(text)));
  }

  @Test
  void whatWasSaidInTheClearIsForgotten() throws Exception {
    List<String> heard =
        say("STLS\r\nUSER injected\r\nNOOP\r\n", stream("PASS x\r\nSTLS\r\nCAPA\r\n"));
    assertEquals("+OK begin TLS", heard.get(0));
    assertEquals("-ERR USER first", heard.get(1));
    assertEquals("-ERR no TLS now", heard.get(2));
    assertTrue(heard.containsAll(List.of("USER", "SASL PLAIN LOGIN")), heard.toString());
    assertFalse(heard.contains("STLS"));
  }

  @Test
  void aUserGivenBeforeIsForgotten() throws Exception {
    accounts.allow(true, Plaintext.ALWAYS);
    List<String> heard = say("USER joe\r\nSTLS\r\n", stream("PASS secret\r\n"));
    assertEquals(List.of("+OK ", "+OK begin TLS", "-ERR USER first"), heard);
  }

  @Test
  void insideItAPasswordMayBeSent() throws Exception {
    accounts.passwords("joe:{PLAIN}secret\n");
    List<String> heard = say("STLS\r\n", stream(Accounts.LOGIN + "STAT\r\n"));
    assertEquals(List.of("+OK begin TLS", "+OK ", "+OK ", "+OK 0 0"), heard);
  }

  private static final String LOGINS =
      "USER joe\r\nPASS secret\r\nAPOP joe x\r\nAPOP\r\nAUTH CRAM-MD5\r\nAUTH PLAIN =\r\nAUTH\r\n";

  @Test
  void whereTlsIsRequiredNobodyLogsInBefore() throws Exception {
    accounts.passwords("joe:{PLAIN}secret\n");
    var listener = Map.of("TCPREMOTEIP", "127.0.0.1", "UCSPITLS", "!");
    for (boolean byListener : new boolean[] {true, false}) {
      if (byListener) {
        accounts.allow(true, Plaintext.ALWAYS);
      } else {
        accounts.requireTls(true);
      }
      List<String> heard =
          say(
              LOGINS + "CAPA\r\nNOOP\r\nSTLS\r\n",
              stream("CAPA\r\n" + Accounts.LOGIN + "STAT\r\n"),
              byListener ? listener : Accounts.LOCAL);
      assertEquals("+OK pop.example", greeting);
      assertEquals(Collections.nCopies(7, "-ERR TLS is required here"), heard.subList(0, 7));
      int begun = heard.indexOf("+OK begin TLS");
      List<String> before = heard.subList(7, begun);
      assertTrue(before.contains("STLS") && before.contains("TOP"), before.toString());
      assertFalse(before.toString().contains("SASL") || before.contains("USER"));
      List<String> inside = heard.subList(begun + 1, heard.size());
      assertTrue(inside.containsAll(List.of("USER", "SASL CRAM-MD5 PLAIN LOGIN")));
      assertEquals("+OK 0 0", inside.get(inside.size() - 1));
    }
  }

  @Test
  void whereTlsIsRequiredQmailsDialogueHasNoLoginEither() throws Exception {
    accounts.passwords("joe:{PLAIN}secret\n");
    accounts.requireTls(false);
    List<String> heard = say(LOGINS + "STLS\r\n", Optional.empty());
    assertEquals("+OK ", greeting);
    assertEquals(Collections.nCopies(7, "-ERR TLS is required here"), heard.subList(0, 7));
    assertEquals(List.of("-ERR authorization first"), heard.subList(7, heard.size()));
  }

  @Test
  void itHasNoArgument() throws Exception {
    accounts.allow(true, Plaintext.ALWAYS);
    List<String> heard = say("USER joe\r\nSTLS x\r\nNOOP\r\nPASS secret\r\n", Optional.empty());
    assertEquals(List.of("+OK ", "-ERR syntax error", "+OK "), heard.subList(0, 3));
    assertFalse(heard.get(3).contains("USER first"), "nothing is forgotten");
  }

  @Test
  void aListenerMayOfferNone() throws Exception {
    List<String> heard = say("CAPA\r\nSTLS\r\n", Optional.empty(), Map.of("UCSPITLS", "-"));
    assertFalse(heard.contains("STLS"), heard.toString());
    assertEquals("-ERR no TLS now", heard.get(heard.size() - 1));
  }

  @Test
  void withoutKeysThereIsNone() throws Exception {
    keys.unset(KEYS);
    var connection = new TestConnection("STLS\r\nNOOP\r\n", Accounts.REMOTE, 1 << 16);
    accounts.serve(connection);
    assertTrue(connection.heard().endsWith("\r\n-ERR no TLS now\r\n+OK \r\n"));
  }

  @Test
  void aFailedHandshakeEndsTheSession() {
    var connection = new TestConnection("STLS\r\nNOOP\r\n", Accounts.REMOTE, 1 << 16);
    assertThrows(IOException.class, () -> accounts.serve(connection));
    assertTrue(connection.heard().endsWith("\r\n+OK begin TLS\r\n"));
  }
}
