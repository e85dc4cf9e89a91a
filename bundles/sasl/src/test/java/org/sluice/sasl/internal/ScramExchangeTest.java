package org.sluice.sasl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.auth.SaslExchange;
import org.sluice.api.auth.SaslStep;
import org.sluice.base.RankedServices;
import org.sluice.sasl.Scram;

/** SCRAM with the examples of RFC 5802 section 5 and RFC 7677 section 3. */
class ScramExchangeTest {
  private static final String SALT_256 = "W22ZaJ0SNY7soEsUEjb6gQ==";
  private static final String NONCE_256 = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  private static final String FIRST_256 = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
  private static final String BEGIN_256 = "c=biws,r=rOprNGfwEbeRWgbNEkqO" + NONCE_256 + ",p=";
  private static final String PROOF_256 = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

  private static SaslExchange exchange(String hash, String salt, String nonce) {
    byte[] password = "pencil".getBytes(StandardCharsets.US_ASCII);
    var keys = Scram.keys(hash, password, Base64.getDecoder().decode(salt), 4096);
    return exchange(new FakeAuthenticator("user", Scram.text(keys)), hash, nonce);
  }

  private static SaslExchange exchange(FakeAuthenticator authenticator, String hash, String nonce) {
    var authenticators =
        new RankedServices<org.sluice.api.auth.Authenticator>(Duration.ofSeconds(1));
    authenticators.add(authenticator, Map.of());
    return new ScramExchange(hash, new ScramAccounts(authenticators), nonce);
  }

  private static SaslStep say(SaslExchange exchange, String text) throws Exception {
    return exchange.respond(Optional.of(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static String challenge(SaslStep step) {
    byte[] data = assertInstanceOf(SaslStep.Challenge.class, step).data();
    return new String(data, StandardCharsets.ISO_8859_1);
  }

  @Test
  void theExampleWithSha1() throws Exception {
    var exchange = exchange("SHA-1", "QSXCR+Q6sek8bf92", "3rfcNHYJY1ZVvWVs7j");
    assertEquals(
        "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
        challenge(say(exchange, "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL")));
    String last =
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=";
    assertEquals("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=", challenge(say(exchange, last)));
    var end = assertInstanceOf(SaslStep.Accepted.class, say(exchange, ""));
    assertEquals("user", end.identity().user());
  }

  @Test
  void theExampleWithSha256AndNoInitialResponse() throws Exception {
    var exchange = exchange("SHA-256", SALT_256, NONCE_256);
    assertEquals("", challenge(exchange.respond(Optional.empty())));
    assertEquals(
        "r=rOprNGfwEbeRWgbNEkqO" + NONCE_256 + ",s=" + SALT_256 + ",i=4096",
        challenge(say(exchange, FIRST_256)));
    assertEquals(
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        challenge(say(exchange, BEGIN_256 + PROOF_256)));
    assertInstanceOf(SaslStep.Accepted.class, say(exchange, ""));
  }

  @Test
  void aWrongProofIsRefused() throws Exception {
    for (String proof : new String[] {"eHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "", "AAAA"}) {
      var exchange = exchange("SHA-256", SALT_256, NONCE_256);
      say(exchange, FIRST_256);
      assertEquals(new SaslStep.Refused("user"), say(exchange, BEGIN_256 + proof));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c=biws,r=rOprNGfwEbeRWgbNEkqOother,p=", // not the nonce that was said
        "c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=", // not the header
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=",
        "",
        "p="
      })
  void aLastMessageThatDoesNotBelongToTheFirst(String begin) throws Exception {
    var exchange = exchange("SHA-256", SALT_256, NONCE_256);
    say(exchange, FIRST_256);
    assertInstanceOf(SaslStep.Malformed.class, say(exchange, begin + PROOF_256));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "n,,n=user",
        "n,,r=abc,n=user",
        "p=tls-unique,,n=user,r=abc",
        "n,,m=ext,n=user,r=abc",
        "n,,n=,r=abc",
        "n,,n=us=er,r=abc",
        "n,,n=user,r=",
        "x,,n=user,r=abc",
        "n,a=,n=user,r=abc"
      })
  void aFirstMessageThatIsNone(String first) throws Exception {
    var exchange = exchange("SHA-256", SALT_256, NONCE_256);
    assertInstanceOf(SaslStep.Malformed.class, say(exchange, first));
  }

  @ParameterizedTest
  @CsvSource({"other,false", "us=2Cer,true"})
  void onlyItselfMayBeTheIdentity(String other, boolean accepted) throws Exception {
    byte[] password = "pencil".getBytes(StandardCharsets.US_ASCII);
    var keys = Scram.keys("SHA-1", password, new byte[] {1, 2}, 4096);
    var exchange = exchange(new FakeAuthenticator("us,er", Scram.text(keys)), "SHA-1", "own");
    String bare = "n=us=2Cer,r=abc";
    String header = "n,a=" + other + ",";
    String first = challenge(say(exchange, header + bare));
    String begin =
        "c="
            + Base64.getEncoder().encodeToString(header.getBytes(StandardCharsets.US_ASCII))
            + ",r=abcown";
    String proof = ClientProof.of("SHA-1", "pencil", first, bare + "," + first + "," + begin);
    SaslStep step = say(exchange, begin + ",p=" + proof);
    assertEquals(accepted ? SaslStep.Challenge.class : SaslStep.Refused.class, step.getClass());
  }

  @Test
  void aNameThatNobodyKnowsLooksLikeOneThatSomebodyKnows() throws Exception {
    var authenticator = new FakeAuthenticator("user", "{PLAIN}pencil");
    var authenticators =
        new RankedServices<org.sluice.api.auth.Authenticator>(Duration.ofSeconds(1));
    authenticators.add(authenticator, Map.of());
    var accounts = new ScramAccounts(authenticators);
    String[] first = new String[3];
    for (int i = 0; i < 3; i++) {
      var exchange = new ScramExchange("SHA-256", accounts, "own");
      String name = i < 2 ? "nobody" : "nobody2";
      first[i] = challenge(say(exchange, "n,,n=" + name + ",r=abc"));
      String proof = Base64.getEncoder().encodeToString(new byte[32]);
      assertInstanceOf(SaslStep.Refused.class, say(exchange, "c=biws,r=abcown,p=" + proof));
    }
    assertEquals(first[0], first[1]);
    assertNotEquals(first[0], first[2]);
    assertEquals("r=abcown,s=".length() + 24 + ",i=10000".length(), first[0].length());
  }
}
