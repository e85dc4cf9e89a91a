package org.sluice.pop3.capa.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.auth.Authenticator;
import org.sluice.api.auth.Credentials;
import org.sluice.api.auth.Identity;
import org.sluice.base.LoginPolicy;
import org.sluice.base.Plaintext;
import org.sluice.base.TlsKeys;
import org.sluice.listeners.pop3.internal.Accounts;
import org.sluice.listeners.pop3.internal.StreamConnection;
import org.sluice.sasl.Scram;
import org.sluice.testkit.Logged;
import org.sluice.testkit.TestConnection;

/** The authorization state with all extensions, over strings. */
class LoginTest {
  private static final String PLAIN = "AGpvZQBzZWNyZXQ="; // \0joe\0secret
  private static final String COMMON =
      "TOP\r\nUIDL\r\nPIPELINING\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nEXPIRE NEVER\r\nUTF8\r\n";
  @TempDir Path home;
  private final TlsKeys keys = new TlsKeys(Duration.ZERO);
  private Accounts accounts;

  @BeforeEach
  void make() throws IOException {
    accounts = Installed.on(home, keys);
  }

  private String remote(String text) throws Exception {
    var connection = new TestConnection(text, Accounts.REMOTE, 1 << 16);
    accounts.serve(connection);
    assertEquals(OptionalInt.of(1), connection.status, "as any end of qmail-popup");
    return withoutGreeting(connection.heard());
  }

  private String local(String text) throws Exception {
    return withoutGreeting(accounts.say(text));
  }

  private static String withoutGreeting(String heard) {
    return heard.substring(heard.indexOf('\n') + 1);
  }

  private void hashed() throws IOException {
    byte[] password = "secret".getBytes(StandardCharsets.US_ASCII);
    accounts.passwords("joe:" + Scram.text(Scram.keys("SHA-256", password, new byte[8], 1)) + "\n");
  }

  @Test
  void withoutExtensionsItIsQmail() throws Exception {
    accounts.allow(false, Plaintext.NEVER);
    hashed();
    String heard = accounts.say("CAPA\r\nAUTH PLAIN\r\nSTLS\r\n" + Accounts.LOGIN + "CAPA\r\n");
    assertTrue(
        heard.matches(
            "(?s)\\+OK <\\d+\\.\\d+@pop\\.example>\r\n(-ERR authorization first\r\n){3}"
                + "(\\+OK \r\n){2}-ERR unimplemented\r\n"),
        heard);
    assertEquals(
        "+OK \r\n-ERR authorization failed\r\n", local("USER joe\r\nPASS wrong\r\nQUIT\r\n"));
    assertEquals("-ERR authorization failed\r\n", remote("APOP joe x\r\nQUIT\r\n"));
  }

  @Test
  void capabilitiesFollowWhatIsPossible() throws Exception {
    String everything = "SASL CRAM-MD5 PLAIN LOGIN\r\n.\r\n";
    assertEquals("+OK \r\n" + COMMON + "USER\r\n" + everything, local("CAPA\r\n"));
    assertEquals("+OK \r\n" + COMMON + "SASL CRAM-MD5\r\n.\r\n", remote("CAPA\r\n"));
    hashed();
    assertEquals("+OK \r\n" + COMMON + "SASL SCRAM-SHA-256\r\n.\r\n", remote("CAPA\r\n"));
    accounts.passwords("joe:$6$saltsalt$x\n");
    assertEquals("+OK \r\n" + COMMON + ".\r\n", remote("CAPA\r\n"));
    keys.set(
        socket -> {
          throw new IOException("no keys");
        });
    assertEquals("+OK \r\n" + COMMON + "STLS\r\n.\r\n", remote("CAPA\r\n"));
  }

  @Test
  void capabilitiesAfterTheLogin() throws Exception {
    assertEquals(
        "+OK \r\n" + COMMON + "IMPLEMENTATION Sluice\r\n.\r\n-ERR unimplemented\r\n",
        accounts.read("CAPA\r\nSTLS\r\n"));
  }

  @Test
  void aTimestampIsGivenOnlyIfApopCanBeChecked() throws Exception {
    assertTrue(accounts.say("").matches("\\+OK <\\d+\\.\\d+@pop\\.example>\r\n"));
    hashed();
    assertEquals("+OK pop.example\r\n", accounts.say(""));
  }

  @Test
  void apop() throws Exception {
    var pipe = new java.io.PipedInputStream(1 << 16);
    var client = new java.io.PipedOutputStream(pipe);
    var connection = new StreamConnection(pipe, Accounts.REMOTE);
    var server = accounts.start(connection);
    String greeting = connection.line();
    String timestamp = greeting.substring(greeting.indexOf('<'));
    byte[] digest = Scram.digest("MD5", (timestamp + "secret").getBytes(StandardCharsets.US_ASCII));
    String login = "APOP joe " + java.util.HexFormat.of().formatHex(digest) + "\r\nSTAT\r\n";
    client.write(login.getBytes(StandardCharsets.US_ASCII));
    assertEquals("+OK ", connection.line());
    assertEquals("+OK 0 0", connection.line());
    client.close();
    server.join(60_000);
    assertFalse(server.isAlive());
  }

  @Test
  void apopThatIsWrong() throws Exception {
    String error = "-ERR [AUTH] authorization failed\r\n";
    assertEquals(
        error + "-ERR syntax error\r\n" + error + error,
        remote("APOP joe x\r\nAPOP joe\r\nAPOP joe \r\nAPOP nobody x\r\nNOOP\r\n"));
  }

  @Test
  void aPasswordIsNotTakenInTheClearFromAfar() throws Exception {
    String refused = "-ERR a password needs TLS here: STLS first\r\n";
    assertEquals(
        refused + "-ERR USER first\r\n-ERR this mechanism needs TLS here: STLS first\r\n+OK \r\n",
        remote("USER joe\r\nPASS secret\r\nAUTH PLAIN " + PLAIN + "\r\nNOOP\r\n"));
    accounts.allow(true, Plaintext.ALWAYS);
    assertEquals("+OK \r\n+OK \r\n", remote(Accounts.LOGIN));
    accounts.allow(true, Plaintext.NEVER);
    assertEquals(refused, local("USER joe\r\n"));
  }

  @Test
  void norAreChallengesUnlessAllowed() throws Exception {
    var logins = new LoginPolicy(Plaintext.LOOPBACK, Plaintext.LOOPBACK);
    accounts.allow(true, logins);
    assertEquals("+OK \r\n" + COMMON + ".\r\n", remote("CAPA\r\n"));
    assertEquals(
        "-ERR this mechanism needs TLS here: STLS first\r\n+OK \r\n",
        remote("AUTH CRAM-MD5\r\nNOOP\r\n"));
    assertTrue(local("CAPA\r\n").contains("SASL CRAM-MD5 PLAIN LOGIN\r\n"));
  }

  @Test
  void authPlain() throws Exception {
    assertEquals("+OK \r\n+OK 0 0\r\n", local("AUTH PLAIN " + PLAIN + "\r\nSTAT\r\n"));
    assertEquals("+ \r\n+OK \r\n", local("auth plain\r\n" + PLAIN + "\r\n"));
    assertEquals(
        "+ \r\n-ERR authentication cancelled\r\n+OK \r\n", local("AUTH PLAIN\r\n*\r\nNOOP\r\n"));
    assertEquals(
        "-ERR authentication cancelled\r\n-ERR authentication cancelled\r\n"
            + "-ERR unsupported mechanism\r\n-ERR syntax error\r\n",
        local("AUTH PLAIN =\r\nAUTH PLAIN not base64\r\nAUTH GSSAPI\r\nAUTH\r\n"));
  }

  @Test
  void authTakesLinesOf255Octets() throws Exception {
    String most = "AUTH PLAIN " + "A".repeat(255 - "AUTH PLAIN \r\n".length());
    assertEquals("-ERR authentication cancelled\r\n", local(most + "\r\n"));
    assertEquals("-ERR line too long\r\n+OK \r\n", local(most + "A\r\nNOOP\r\n"));
  }

  @Test
  void utf8IsTakenBeforeTheLoginAndChangesNothing() throws Exception {
    accounts.message("cur/1.a", "Subject: gr\u00fcn\n");
    String message = "Subject: gr\u00c3\u00bcn\r\n"; // as octets
    String heard = local("UTF8 x\r\nutf8\r\n" + Accounts.LOGIN + "RETR 1\r\nUTF8\r\n");
    assertEquals(
        "-ERR syntax error\r\n+OK \r\n+OK \r\n+OK \r\n+OK \r\n"
            + message
            + "\r\n.\r\n-ERR unimplemented\r\n",
        heard);
    assertTrue(local(Accounts.LOGIN + "RETR 1\r\n").contains(message));
  }

  @Test
  void authLogin() throws Exception {
    assertEquals(
        "+ VXNlcm5hbWU6\r\n+ UGFzc3dvcmQ6\r\n+OK \r\n",
        local("AUTH LOGIN\r\nam9l\r\nc2VjcmV0\r\n"));
  }

  @Test
  void authScram() throws Exception {
    hashed();
    String first = Base64.getEncoder().encodeToString("n,,n=joe,r=abc".getBytes());
    String heard = remote("AUTH SCRAM-SHA-256 " + first + "\r\nbogus===\r\n");
    String challenge = heard.substring(2, heard.indexOf('\r'));
    assertTrue(
        new String(Base64.getDecoder().decode(challenge)).matches("r=abc.{24},s=AAAAAAAAAAA=,i=1"));
    assertTrue(heard.endsWith("-ERR authentication cancelled\r\n"), heard);
  }

  @Test
  void onlySoManyLoginsMayFail() throws Exception {
    String attempt = "USER joe\r\nPASS wrong\r\n";
    String answer = "+OK \r\n-ERR [AUTH] authorization failed\r\n";
    assertEquals(answer.repeat(3), local(attempt.repeat(5)));
    assertEquals(answer.repeat(2) + "+OK \r\n+OK \r\n", local(attempt.repeat(2) + Accounts.LOGIN));
    assertEquals(answer + "-ERR USER first\r\n", local(attempt + "PASS secret\r\n"));
  }

  @Test
  void troubleIsTemporary() throws Exception {
    Files.setPosixFilePermissions(
        home.resolve("users/passwords"), PosixFilePermissions.fromString("rw-r--r--"));
    String temporary = "-ERR [SYS/TEMP] authorization failed\r\n";
    assertEquals(
        "+OK \r\n" + temporary + temporary, local("USER ann\r\nPASS x\r\nAUTH PLAIN AGFubgB4\r\n"));
  }

  @Test
  void aMalformedHashKeepsNobodyElseOut() throws Exception {
    accounts.passwords("bad1:$6$@@salt$abc\njoe:{PLAIN}secret\n");
    String failed = "+OK \r\n-ERR [AUTH] authorization failed\r\n";
    assertEquals(
        failed + failed + "+OK \r\n+OK \r\n",
        local("USER bad1\r\nPASS x\r\nUSER nobody\r\nPASS x\r\n" + Accounts.LOGIN));
  }

  @Test
  void aFaultOfAnAuthenticatorIsTemporary() throws Exception {
    accounts.logins.add(
        new Authenticator() {
          @Override
          public Set<String> mechanisms() {
            throw new LinkageError("bug");
          }

          @Override
          public Optional<Identity> authenticate(Credentials credentials) {
            throw new IllegalStateException("bug");
          }
        },
        Map.of());
    String temporary = "-ERR [SYS/TEMP] authorization failed\r\n";
    assertEquals(
        "+OK \r\n" + temporary + temporary + "+OK \r\n+OK \r\n",
        local("USER ann\r\nPASS x\r\nAUTH PLAIN AGFubgB4\r\n" + Accounts.LOGIN));
  }

  @Test
  void aFailedLoginIsLoggedWithItsNameAndNoSecret() throws Exception {
    String plain =
        Base64.getEncoder()
            .encodeToString("\0j\no\u001be\0hush".getBytes(StandardCharsets.US_ASCII));
    var lines =
        Logged.during(
            () ->
                local(
                    "AUTH PLAIN %s\r\nUSER j\u001boe\r\nPASS hush\r\nUSER %s\r\nPASS hush\r\n"
                        .formatted(plain, "x".repeat(200))));
    assertEquals(3, lines.size(), lines.toString());
    assertTrue(lines.get(0).endsWith("test: AUTH PLAIN of j?o?e failed, from 127.0.0.1"));
    assertTrue(lines.get(1).endsWith("test: login of j?oe failed, from 127.0.0.1"));
    assertTrue(lines.get(2).endsWith(" of " + "x".repeat(128) + "... failed, from 127.0.0.1"));
    assertFalse(lines.toString().contains("hush"));
  }

  @Test
  void rootIsRefusedUnlessAllowed() throws Exception {
    accounts.refuseRoot();
    assertEquals("+OK \r\n-ERR [SYS/PERM] authorization failed\r\n", local(Accounts.LOGIN));
  }

  @Test
  void repliesToWhatWasSentInOneGoAreSentInOneGo() throws Exception {
    accounts.message("cur/1.a", "x\n");
    var connection =
        new TestConnection(
            "NOOP\r\n" + Accounts.LOGIN + "STAT\r\nRETR 1\r\nNOOP\r\nQUIT\r\n",
            Accounts.LOCAL,
            1 << 16);
    accounts.serve(connection);
    // The greeting; then what precedes the login, which may take its time; then the rest.
    assertEquals(3, connection.writes.size());
    assertTrue(connection.heard().endsWith("+OK 1 2\r\n+OK \r\nx\r\n\r\n.\r\n+OK \r\n+OK \r\n"));
  }
}
