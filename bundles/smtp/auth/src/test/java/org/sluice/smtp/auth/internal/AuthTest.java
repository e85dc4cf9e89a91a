package org.sluice.smtp.auth.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.auth.Identity;
import org.sluice.api.auth.SaslMechanism;
import org.sluice.api.auth.SaslStep;
import org.sluice.api.delivery.LocalUser;
import org.sluice.auth.file.internal.FileAuthenticator;
import org.sluice.base.LoginPolicy;
import org.sluice.base.Plaintext;
import org.sluice.listeners.smtp.internal.SmtpTalk;
import org.sluice.sasl.Scram;
import org.sluice.sasl.internal.LoginService;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.Logged;

class AuthTest {
  private static final String PLAIN = "AUTH PLAIN AGpvZQBzZWNyZXQ=\r\n"; // \0joe\0secret
  private static final String WRONG = "AUTH PLAIN AGpvZQB3cm9uZw==\r\n";
  private static final String MAIL = "MAIL FROM:<a>\r\nRCPT TO:<b@far>\r\nDATA\r\nhi\r\n.\r\n";

  @TempDir Path home;
  private final LoginService logins = new LoginService();

  @BeforeEach
  void make() throws IOException {
    logins.add(
        new FileAuthenticator(
            new FakeControl(home, Map.of()),
            name -> Optional.of(new LocalUser(name, 1, 1, home, "", ""))),
        Map.of());
    passwords("joe:{PLAIN}secret\n");
  }

  private void passwords(String text) throws IOException {
    Path file = home.resolve("users/passwords");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static Auth.Policy policy(Plaintext passwords, boolean trace) {
    return new Auth.Policy(new LoginPolicy(passwords, Plaintext.ALWAYS), 3, Duration.ZERO, trace);
  }

  private SmtpTalk talk(Plaintext passwords) {
    return talk(policy(passwords, true));
  }

  private SmtpTalk talk(Auth.Policy policy) {
    return new SmtpTalk(new Auth(policy, logins)).control("rcpthosts", "here\n");
  }

  private SmtpTalk talk() {
    return talk(Plaintext.ALWAYS);
  }

  /** The replies after that to EHLO. */
  private static List<String> after(String said) {
    List<String> lines = SmtpTalk.lines(said);
    int last = 0;
    while (!lines.get(last).matches("250 (8BITMIME|AUTH .*)")) {
      last++;
    }
    return lines.subList(last + 1, lines.size());
  }

  @Test
  void whoHasLoggedInMayRelayAndIsNamed() throws Exception {
    var talk = talk().with("TCPREMOTEIP", "192.0.2.1").with("TCPLOCALIP", "192.0.2.2");
    assertEquals(
        "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
        SmtpTalk.lines(talk.say(MAIL)).get(2));
    List<String> said = after(talk.say("EHLO x\r\n" + PLAIN + MAIL));
    assertEquals("235 2.7.0 welcome", said.get(0));
    assertTrue(said.get(4).startsWith("250 ok "), said.toString());
    assertTrue(
        talk.queue
            .queued
            .get(0)
            .message()
            .startsWith(
                "Received: from unknown (HELO x) (joe@192.0.2.1)\n"
                    + "  by 192.0.2.2 with ESMTPA; "));
  }

  @Test
  void theNameCanBeLeftOut() throws Exception {
    var talk = talk(policy(Plaintext.ALWAYS, false));
    talk.say("EHLO x\r\n" + PLAIN + MAIL);
    String message = talk.queue.queued.get(0).message();
    assertTrue(message.contains("(HELO x) (unknown)\n  by unknown with ESMTPA; "), message);
  }

  @Test
  void passwordsAreTakenInsideTlsOnly() throws Exception {
    var talk = talk(Plaintext.NEVER).with("TCPREMOTEIP", "127.0.0.1");
    assertTrue(talk.say("EHLO x\r\n").endsWith("250 AUTH CRAM-MD5\r\n"));
    assertEquals(
        List.of("538 5.7.11 encryption required for this mechanism", "250 ok"),
        after(talk.say("EHLO x\r\n" + PLAIN + "NOOP\r\n")));
    var loopback = talk(Plaintext.LOOPBACK).with("TCPREMOTEIP", "127.0.0.1");
    assertTrue(loopback.say("EHLO x\r\n").endsWith("250 AUTH CRAM-MD5 PLAIN LOGIN\r\n"));
    passwords("joe:$6$saltsalt$x\n");
    assertFalse(talk.say("EHLO x\r\n").contains("AUTH"));
  }

  /** As the configuration's file says it. */
  private SmtpTalk configured(Map<String, String> typed) {
    var config =
        (AuthConfig)
            Proxy.newProxyInstance(
                AuthConfig.class.getClassLoader(),
                new Class<?>[] {AuthConfig.class},
                (self, method, arguments) ->
                    typed.getOrDefault(method.getName(), "").isEmpty()
                        ? method.getDefaultValue()
                        : typed.get(method.getName()));
    return talk(Auth.policy(config, typed));
  }

  @Test
  void whoComesFromAfarLogsInInsideTlsOnly() throws Exception {
    String challenge = "AUTH CRAM-MD5\r\nNOOP\r\n";
    var distributed = Map.of("plaintext", "loopback");
    for (Map<String, String> typed : List.of(distributed, Map.<String, String>of())) {
      var talk = configured(typed).with("TCPREMOTEIP", "192.0.2.1");
      assertTrue(talk.say("EHLO x\r\n").endsWith("250 8BITMIME\r\n"));
      assertEquals(
          List.of("538 5.7.11 encryption required for this mechanism", "250 ok"),
          after(talk.say("EHLO x\r\n" + challenge)));
    }
    var local = configured(distributed).with("TCPREMOTEIP", "127.0.0.1");
    assertTrue(local.say("EHLO x\r\n").endsWith("250 AUTH CRAM-MD5 PLAIN LOGIN\r\n"));
    var allowed =
        configured(Map.of("plaintext", "loopback", "challenges", "always"))
            .with("TCPREMOTEIP", "192.0.2.1");
    assertTrue(allowed.say("EHLO x\r\n").endsWith("250 AUTH CRAM-MD5\r\n"));
  }

  @Test
  void aPolicyThatIsNoneAllowsNothing() throws Exception {
    var talk = configured(Map.of("plaintext", "sometimes")).with("TCPREMOTEIP", "127.0.0.1");
    assertTrue(talk.say("EHLO x\r\n").endsWith("250 8BITMIME\r\n"));
  }

  @Test
  void withoutLoginsNothingIsOffered() throws Exception {
    passwords("");
    String said = talk().say("EHLO x\r\nAUTH PLAIN x\r\n");
    assertTrue(said.endsWith("250 8BITMIME\r\n504 5.5.4 no such mechanism here\r\n"), said);
    var alone =
        new SmtpTalk(new Auth(policy(Plaintext.ALWAYS, true), null))
            .say("EHLO x\r\nAUTH PLAIN x\r\n");
    assertTrue(alone.endsWith("250 8BITMIME\r\n454 4.7.0 no authentication now\r\n"), alone);
  }

  @Test
  void refusals() throws Exception {
    assertEquals(
        List.of("503 5.5.1 EHLO first"),
        SmtpTalk.lines(talk().say("AUTH PLAIN x\r\n")).subList(1, 2));
    assertEquals(
        List.of(
            "501 5.5.4 AUTH wants a mechanism",
            "504 5.5.4 no such mechanism here",
            "501 5.5.2 not what the mechanism expects",
            "501 5.5.2 not what the mechanism expects",
            "501 5.5.2 not what the mechanism expects",
            "334 ",
            "501 5.7.0 authentication cancelled",
            "235 2.7.0 welcome",
            "503 5.5.1 already authenticated"),
        after(
            talk()
                .say(
                    "EHLO x\r\nAUTH\r\nAUTH GSSAPI\r\nAUTH PLAIN a b\r\nAUTH PLAIN =\r\n"
                        + "AUTH CRAM-MD5 eA==\r\nAUTH PLAIN\r\n*\r\n"
                        + PLAIN
                        + PLAIN)));
    assertEquals(
        List.of("250 ok", "503 5.5.1 not within a transaction"),
        after(talk().say("EHLO x\r\nMAIL FROM:<a>\r\n" + PLAIN)));
    assertEquals(
        List.of("334 ", "500 5.5.6 line too long", "250 ok"),
        after(talk().say("EHLO x\r\nAUTH PLAIN\r\n" + "A".repeat(12_287) + "\r\nNOOP\r\n")));
    assertEquals(
        List.of("334 ", "501 5.5.2 not what the mechanism expects", "250 ok"),
        after(talk().say("EHLO x\r\nAUTH PLAIN\r\n" + "A".repeat(12_286) + "\r\nNOOP\r\n")));
  }

  @Test
  void blanksAreNoInitialResponse() throws Exception {
    assertEquals(
        List.of("334 ", "235 2.7.0 welcome"),
        after(talk().say("EHLO x\r\nAUTH PLAIN \r\nAGpvZQBzZWNyZXQ=\r\n")));
    assertEquals(
        List.of("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 2.7.0 welcome"),
        after(talk().say("EHLO x\r\nAUTH LOGIN   \r\nam9l\r\nc2VjcmV0\r\n")));
    assertEquals(
        List.of("235 2.7.0 welcome"),
        after(talk().say("EHLO x\r\nAUTH  PLAIN  AGpvZQBzZWNyZXQ= \r\n")));
  }

  /** Whatever the length, the next command is the next line. */
  @ParameterizedTest
  @ValueSource(ints = {12_287, 65_537, 1_000_000})
  void aLineThatIsTooLong(int length) throws Exception {
    String tooLong = "500 5.5.6 line too long";
    String line = "A".repeat(length);
    assertEquals(
        List.of("334 ", tooLong, "235 2.7.0 welcome"),
        after(talk().say("EHLO x\r\nAUTH PLAIN\r\n" + line + "\r\n" + PLAIN, 1 << 16)));
    assertEquals(
        List.of("334 UGFzc3dvcmQ6", tooLong, "250 ok"),
        after(talk().say("EHLO x\r\nAUTH LOGIN am9l\r\n" + line + "\r\nNOOP\r\n", 1 << 16)));
  }

  @Test
  void anInitialResponseThatIsTooLong() throws Exception {
    assertEquals(
        List.of("500 5.5.6 line too long", "501 5.5.2 not what the mechanism expects", "250 ok"),
        after(
            talk()
                .say(
                    ("EHLO x\r\nAUTH PLAIN " + "A".repeat(12_276) + "\r\n")
                        + ("AUTH PLAIN " + "A".repeat(12_275) + "\r\nNOOP\r\n"))));
  }

  @Test
  void onlyAfterEhlo() throws Exception {
    for (String hello : List.of("", "HELO x\r\n", "EHLO x\r\nHELO x\r\n")) {
      assertTrue(talk().say(hello + PLAIN).endsWith("\n503 5.5.1 EHLO first\r\n"), hello);
    }
    assertTrue(talk().say("HELO x\r\nEHLO x\r\n" + PLAIN).endsWith("235 2.7.0 welcome\r\n"));
  }

  @Test
  void afterSoManyFailuresTheSessionEnds() throws Exception {
    assertEquals(
        List.of(
            "535 5.7.8 authentication failed",
            "535 5.7.8 authentication failed",
            "421 4.7.0 too many failed logins"),
        after(talk().say("EHLO x\r\n" + WRONG.repeat(3) + PLAIN)));
  }

  @Test
  void troubleIsTemporary() throws Exception {
    Files.setPosixFilePermissions(
        home.resolve("users/passwords"), PosixFilePermissions.fromString("rw-r--r--"));
    assertEquals(
        List.of("454 4.7.0 temporary authentication failure"),
        after(talk().say("EHLO x\r\n" + PLAIN)));
  }

  @Test
  void loginAsksTwice() throws Exception {
    assertEquals(
        List.of("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 2.7.0 welcome"),
        after(talk().say("EHLO x\r\nauth login\r\nam9l\r\nc2VjcmV0\r\n")));
    assertEquals(
        List.of("334 UGFzc3dvcmQ6", "535 5.7.8 authentication failed"),
        after(talk().say("EHLO x\r\nAUTH LOGIN am9l\r\nd3Jvbmc=\r\n")));
  }

  @Test
  void scramChallenges() throws Exception {
    byte[] password = "secret".getBytes(StandardCharsets.US_ASCII);
    passwords("joe:" + Scram.text(Scram.keys("SHA-256", password, new byte[8], 1)) + "\n");
    var talk = talk(Plaintext.NEVER);
    assertTrue(talk.say("EHLO x\r\n").endsWith("250 AUTH SCRAM-SHA-256\r\n"));
    String said = talk.say("EHLO x\r\nAUTH SCRAM-SHA-256 biwsbj1qb2Uscj1hYmM=\r\n*\r\n", 1 << 16);
    List<String> lines = after(said);
    assertTrue(lines.get(0).startsWith("334 "), said);
    assertEquals("501 5.7.0 authentication cancelled", lines.get(1));
  }

  @Test
  void aLoginCanBeDemanded() throws Exception {
    var talk = talk().with("SMTPAUTH", "!");
    assertEquals(
        List.of("530 5.7.0 authentication required", "235 2.7.0 welcome", "250 ok"),
        after(talk.say("EHLO x\r\nMAIL FROM:<a>\r\n" + PLAIN + "MAIL FROM:<a>\r\n")));
    String none = talk().with("SMTPAUTH", "-").say("EHLO x\r\n" + PLAIN);
    assertTrue(none.endsWith("250 8BITMIME\r\n502 unimplemented (#5.5.1)\r\n"), none);
  }

  @Test
  void theParameterOfMail() throws Exception {
    for (String good : List.of("<>", "a+40b", "e+3Dmc2@example.com")) {
      assertEquals("250 ok", after(mail(good)).get(0), good);
    }
    for (String bad : List.of("", "a+b", "<a>=", "x=y")) {
      assertEquals("501 5.5.4 AUTH wants an address as xtext, or <>", after(mail(bad)).get(0), bad);
    }
  }

  @Test
  void whoHasLoggedInMaySayItAfterAnotherEhlo() throws Exception {
    String said =
        talk()
            .say(
                "EHLO x\r\n"
                    + PLAIN
                    + "EHLO x\r\nMAIL FROM:<a> AUTH=<>\r\nRSET\r\nMAIL FROM:<a> X=y\r\n");
    String second = said.substring(said.indexOf("235 2.7.0 welcome"));
    assertFalse(second.contains("AUTH"), second);
    assertTrue(
        second.endsWith("\r\n250 ok\r\n250 flushed\r\n555 5.5.4 that parameter is not offered\r\n"),
        second);
  }

  private String mail(String value) throws Exception {
    return talk().say("EHLO x\r\nMAIL FROM:<a> AUTH=" + value + "\r\n");
  }

  @Test
  void aFailedLoginIsLoggedWithItsNameAndNoSecret() throws Exception {
    var lines = Logged.during(() -> talk().say("EHLO x\r\n" + WRONG));
    var failed = lines.stream().filter(line -> line.contains("failed, from")).toList();
    assertFalse(failed.isEmpty()); // the dialogue is tried in pieces of several sizes
    failed.forEach(line -> assertTrue(line.contains("AUTH PLAIN of joe failed, from"), line));
    assertFalse(lines.toString().contains("wrong"), lines.toString());
  }

  /** EXTERNAL, OAUTHBEARER and the like come from others. */
  @Test
  void mechanismsOfPlugins() throws Exception {
    SaslMechanism token =
        client ->
            response ->
                response.isPresent() && response.get().length > 0
                    ? new SaslStep.Accepted(new Identity("joe", 1, 1, home, Map.of()))
                    : new SaslStep.Challenge(new byte[0]);
    logins.addMechanism(token, Map.of(SaslMechanism.NAME, "OAUTHBEARER"));
    var talk = talk();
    String heard = talk.say("EHLO c\r\nAUTH OAUTHBEARER\r\ndG9rZW4=\r\n" + MAIL);
    assertTrue(heard.contains("AUTH OAUTHBEARER "), heard);
    assertTrue(heard.contains("\r\n334 \r\n235 "), heard);
    assertTrue(heard.contains("\r\n354 "), heard);
  }
}
