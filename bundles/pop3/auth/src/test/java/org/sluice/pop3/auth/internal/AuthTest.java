package org.sluice.pop3.auth.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.auth.Logins;
import org.sluice.api.auth.SaslClient;
import org.sluice.api.auth.SaslExchange;
import org.sluice.api.auth.SaslStep;
import org.sluice.base.LoginPolicy;
import org.sluice.base.Plaintext;
import org.sluice.listeners.pop3.internal.Accounts;
import org.sluice.listeners.pop3.internal.Fake;
import org.sluice.testkit.TestConnection;

class AuthTest {
  private static final String PLAIN = base64("\0joe\0secret");

  @TempDir Path home;
  private Accounts accounts;

  @BeforeEach
  void make() throws IOException {
    accounts = new Accounts(home);
    accounts.join(new Auth(accounts.logins), Fake.lister());
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String withoutGreeting(String heard) {
    return heard.substring(heard.indexOf('\n') + 1);
  }

  private String local(String text) throws Exception {
    return withoutGreeting(accounts.say(text));
  }

  private String remote(String text) throws Exception {
    var connection = new TestConnection(text, Accounts.REMOTE, 1 << 16);
    accounts.serve(connection);
    return withoutGreeting(connection.heard());
  }

  @Test
  void listsWhatCanBeUsedHere() throws Exception {
    assertTrue(local("LINES\r\n").contains("\r\nSASL CRAM-MD5 PLAIN LOGIN\r\n"));
    assertTrue(remote("LINES\r\n").contains("\r\nSASL CRAM-MD5\r\n"));
    accounts.allow(true, new LoginPolicy(Plaintext.NEVER, Plaintext.NEVER));
    assertFalse(local("LINES\r\n").contains("SASL"));
    accounts.allow(true, Plaintext.ALWAYS);
    assertFalse(accounts.read("LINES\r\n").contains("SASL"));
  }

  @Test
  void takesALoginAndNoMoreAfterIt() throws Exception {
    String again = "AUTH PLAIN " + PLAIN + "\r\n";
    assertEquals("+OK \r\n+OK 0 0\r\n-ERR unimplemented\r\n", local(again + "STAT\r\n" + again));
    assertEquals("+ \r\n+OK \r\n", local("auth plain\r\n" + PLAIN + "\r\n"));
  }

  @Test
  void whatIsWrongWithIt() throws Exception {
    assertEquals(
        "-ERR syntax error\r\n-ERR unsupported mechanism\r\n-ERR authentication cancelled\r\n"
            + "+ \r\n-ERR authentication cancelled\r\n+OK \r\n",
        local("AUTH\r\nAUTH X\r\nAUTH PLAIN ?\r\nAUTH PLAIN\r\n*\r\nNOOP\r\n"));
    assertEquals("-ERR line too long\r\n", local("AUTH PLAIN " + "A".repeat(255 - 12) + "\r\n"));
    assertEquals(
        "-ERR this mechanism needs TLS here: STLS first\r\n+OK \r\n",
        remote("AUTH PLAIN " + PLAIN + "\r\nNOOP\r\n"));
  }

  @Test
  void failedLoginsAreTheListeners() throws Exception {
    String wrong = "AUTH PLAIN " + base64("\0joe\0wrong") + "\r\n";
    assertEquals("-ERR authorization failed\r\n".repeat(3), local(wrong.repeat(4)));
  }

  @Test
  void whoGoesAwayWithinItEndsTheSession() {
    var connection = new TestConnection("AUTH PLAIN\r\n", Accounts.LOCAL, 1 << 16);
    assertThrows(IOException.class, () -> accounts.serve(connection));
    assertTrue(connection.heard().endsWith("\r\n+ \r\n"), connection.heard());
    assertEquals(List.of(0, 12), connection.idleAt);
  }

  @Test
  void whileLoginsAreAwayThereIsNoMechanism() throws Exception {
    accounts = new Accounts(home).join(new Auth(), Fake.lister());
    assertFalse(local("LINES\r\n").contains("SASL"));
    assertEquals("-ERR unsupported mechanism\r\n+OK \r\n", local("AUTH PLAIN\r\nNOOP\r\n"));
  }

  @Test
  void troubleIsTemporary() throws Exception {
    Logins failing =
        new Logins() {
          @Override
          public List<String> mechanisms(boolean encrypted, SaslClient client) {
            return List.of("PLAIN");
          }

          @Override
          public boolean apop() {
            return false;
          }

          @Override
          public Optional<org.sluice.api.auth.Identity> authenticate(
              org.sluice.api.auth.Credentials credentials) {
            return Optional.empty();
          }

          @Override
          public Optional<SaslExchange> begin(String mechanism, SaslClient client) {
            assertEquals("pop.example", client.host());
            return Optional.of(AuthTest::fail);
          }
        };
    accounts = new Accounts(home).join(new Auth(failing), Fake.verb("x", (d, c) -> null));
    assertEquals(
        "-ERR authorization failed\r\n+OK \r\n", local("AUTH PLAIN " + PLAIN + "\r\nNOOP\r\n"));
  }

  private static SaslStep fail(Optional<byte[]> response) throws IOException {
    throw new IOException("no disk");
  }
}
