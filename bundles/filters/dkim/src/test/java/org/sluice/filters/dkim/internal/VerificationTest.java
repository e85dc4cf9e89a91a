package org.sluice.filters.dkim.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.filter.AuthResult;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;
import org.sluice.base.BytesMessage;
import org.sluice.dns.DnsJavaResolver;
import org.sluice.testkit.NameServer;

/** RFC 6376 over a name server: good signatures, bad ones, and ones that are meant to do harm. */
@Timeout(60)
class VerificationTest {
  private static final String MESSAGE =
      "From: a@example.org\nTo:  b@example.net \nSubject: one\n\ttwo  three\n\nA  b \n\nc\n\n\n";
  private static final String TEMPLATE =
      "v=1; a=rsa-sha256; c=%s; d=example.org; s=%s; h=from:to:subject:from; bh=; b=;";

  private static NameServer server;
  private static DnsJavaResolver dns;
  private static KeyPair good;
  private static KeyPair weak;

  private static KeyPair pair(int bits) throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  private static List<String> quoted(String record) {
    return List.of("\"" + record.replaceAll("(.{200})", "$1\" \"") + "\"");
  }

  @BeforeAll
  static void start() throws Exception {
    good = pair(1024);
    weak = pair(512);
    Map<String, List<String>> records = new HashMap<>();
    records.put("brisbane._domainkey.football.example.com. TXT", quoted(Rfc8463.ED25519));
    records.put("test._domainkey.football.example.com. TXT", quoted(Rfc8463.RSA));
    records.put("good._domainkey.example.org. TXT", quoted(Signer.record(good)));
    records.put("weak._domainkey.example.org. TXT", quoted(Signer.record(weak)));
    records.put("gone._domainkey.example.org. TXT", quoted("v=DKIM1; p="));
    records.put("junk._domainkey.example.org. TXT", quoted("v=DKIM1; p=AAAA"));
    records.put("down._domainkey.example.org. TXT", NameServer.SERVFAIL);
    server = new NameServer(records);
    dns = DnsJavaResolver.of(server.address());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<AuthResult> verify(MessageSource message) throws Exception {
    var keys = new Keys(dns, Duration.ofSeconds(20));
    return new Verification(keys, 3, () -> Instant.ofEpochSecond(1_800_000_000)).results(message);
  }

  private static MessageSource message(String text) {
    byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
    return new BytesMessage(octets, 0, octets.length);
  }

  /** The results as words. */
  private static List<String> words(String text) throws Exception {
    return verify(message(text)).stream().map(AuthResult::result).toList();
  }

  private static String signed(String canonicalization, String selector, String text)
      throws Exception {
    KeyPair key = selector.equals("weak") ? weak : good;
    return Signer.signed(key, TEMPLATE.formatted(canonicalization, selector), text);
  }

  @Test
  void aHeaderOfMoreThan128KilobytesIsNotLookedAt() throws Exception {
    String text = signed("relaxed/relaxed", "good", MESSAGE);
    assertEquals(List.of("pass"), words("X: " + "y".repeat(120_000) + "\n" + text));
    String longer = "X: " + "y".repeat(140_000) + "\n" + text;
    assertEquals(
        List.of("dkim=neutral (the header is too long)"),
        verify(message(longer)).stream().map(AuthResult::text).toList());
  }

  @Test
  void theExampleOfRfc8463() throws Exception {
    assertEquals(
        List.of(
            "dkim=pass header.d=football.example.com header.s=brisbane"
                + " header.b=\"/gCrinpcQOoI\"",
            "dkim=pass header.d=football.example.com header.s=test header.b=F45dVWDfMbQD"),
        verify(message(Rfc8463.MESSAGE)).stream().map(AuthResult::text).toList());
    assertEquals(List.of("fail", "fail"), words(Rfc8463.MESSAGE.replace("game", "match")));
    assertEquals(List.of("fail", "fail"), words(Rfc8463.MESSAGE.replace("dinner", "lunch")));
    assertEquals(
        List.of("fail", "fail"),
        words("From: mallory@example.net\n" + Rfc8463.MESSAGE), // one From more than was signed
        "oversigned");
    assertEquals(List.of("pass", "pass"), words("Received: by x\n" + Rfc8463.MESSAGE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple/simple", "relaxed/relaxed", "relaxed/simple", "simple/relaxed"})
  void bothCanonicalizations(String canonicalization) throws Exception {
    String text = signed(canonicalization, "good", MESSAGE);
    assertEquals(List.of("pass"), words(text));
    assertEquals(List.of("pass"), words(text + "\n\n"), "empty lines at the end do not count");
    String blanks = text.replace("A  b \n", "A b\n");
    assertEquals(List.of(canonicalization.endsWith("simple") ? "fail" : "pass"), words(blanks));
    String folded = text.replace("one\n\ttwo  three", "one two\n three");
    assertEquals(List.of(canonicalization.startsWith("simple") ? "fail" : "pass"), words(folded));
    assertEquals(List.of("fail"), words(text.replace("A  b", "A  c")));
  }

  @Test
  void octetsAbove127AreSignedAsTheyAre() throws Exception {
    // Whatever the platform's own character set is.
    String text = signed("relaxed/relaxed", "good", MESSAGE);
    String header = text.substring(0, text.indexOf("\nFrom:"));
    var raw = new SignedHeader(List.of("Subject: \u00c3\u00bc\n", header + "\n"));
    byte[] piece = raw.pieces(List.of("subject"), header, true).get(0);
    assertEquals("subject:\u00c3\u00bc\r\n", new String(piece, StandardCharsets.ISO_8859_1));
  }

  @Test
  void anEmptyBodyThatIsRelaxedHasNoOctets() throws Exception {
    // SHA-256 of nothing, which others sign for such a body (RFC 6376 section 3.4.4).
    var header = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=good;";
    var rest = " h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=";
    var fields = new SignedHeader(List.of("From: a@example.org\n"));
    var signature = java.security.Signature.getInstance("SHA256withRSA");
    signature.initSign(good.getPrivate());
    for (byte[] piece : fields.pieces(List.of("from"), header + rest, true)) {
      signature.update(piece);
    }
    String b = java.util.Base64.getEncoder().encodeToString(signature.sign());
    String top = header + rest + b + "\nFrom: a@example.org\n";
    assertEquals(List.of("pass"), words(top + "\n"));
    assertEquals(List.of("pass"), words(top + "\n\n \n"));
    assertEquals(List.of("fail"), words(top + "\nx\n"));
  }

  @Test
  void whyASignatureIsNotGood() throws Exception {
    assertEquals(List.of("policy"), words(signed("relaxed/relaxed", "weak", MESSAGE)));
    assertEquals(List.of("permerror"), words(signed("relaxed/relaxed", "none", MESSAGE)));
    assertEquals(List.of("permerror"), words(signed("relaxed/relaxed", "gone", MESSAGE)));
    assertEquals(List.of("permerror"), words(signed("relaxed/relaxed", "junk", MESSAGE)));
    assertEquals(List.of("temperror"), words(signed("relaxed/relaxed", "down", MESSAGE)));
    String text = signed("relaxed/relaxed", "good", MESSAGE);
    assertEquals(List.of("policy"), words(text.replace("rsa-sha256", "rsa-sha1")));
    assertEquals(List.of("neutral"), words(text.replace("v=1", "v=2")));
    assertEquals(List.of("neutral"), words(text.replace("c=relaxed/", "c=curled/")));
    assertEquals(List.of("fail"), words(text.replace("v=1;", "v=1; x=1;")));
    assertEquals(List.of("fail"), words(text.replace("v=1;", "v=1; t=1900000000;")));
    assertEquals(List.of("none"), words(MESSAGE));
  }

  @Test
  void atMostSoManyAreVerified() throws Exception {
    String text = signed("relaxed/relaxed", "good", MESSAGE);
    String field = text.substring(0, text.indexOf("\nFrom:") + 1);
    assertEquals(List.of("pass", "pass", "pass"), words(field.repeat(50) + text));
  }

  static Stream<String> hostile() {
    String start = "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=good; bh=x; b=y; h=from";
    return Stream.of(
        "DKIM-Signature:",
        "DKIM-Signature: ;;;=;=;",
        "DKIM-Signature: " + "a=b;".repeat(30_000),
        "DKIM-Signature: " + " \n".repeat(7_000) + " x",
        start + ":from".repeat(3_000),
        start + "; q=" + "dns/txt:".repeat(1_000) + "dns/txt",
        start + "; l=99999999999999999999",
        start + "; l=-5",
        start + "; x=99999999999999999999",
        start + "; i=" + "=".repeat(1_000),
        start.replace("example.org", "x".repeat(10_000)),
        start.replace("d=example.org", "d=a\u0007\"(b"),
        start.replace("s=good", "s=" + ".".repeat(300)),
        "X: " + "y".repeat(200_000) + "\n" + start);
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aFieldThatIsWrittenToDoHarmIsNotGoodAndThatSoon(String field) throws Exception {
    for (AuthResult result : verify(message(field + "\n" + MESSAGE))) {
      assertTrue(!result.result().equals("pass"), result::text);
      assertTrue(result.text().matches("[ -~]+"), result::text);
      assertTrue(result.text().length() < 1_500, result::text);
    }
  }

  /** Header and body, the body made while it is read. */
  private record Large(String top, long octets) implements MessageSource {
    @Override
    public long size() {
      return top.length() + octets;
    }

    @Override
    public InputStream open() {
      var first = new ByteArrayInputStream(top.getBytes(StandardCharsets.ISO_8859_1));
      return new SequenceInputStream(
          first,
          new InputStream() {
            private long left = octets;

            @Override
            public int read() {
              return left-- > 0 ? left % 70 == 0 ? '\n' : 'x' : -1;
            }
          });
    }

    @Override
    public Header header() throws IOException {
      throw new IOException("not asked for");
    }
  }

  @Test
  void aLargeBodyPassesThrough() throws Exception {
    String small = "x".repeat(68);
    String body = ("x" + small + "\n").repeat(3_000);
    String text = signed("simple/simple", "good", "From: a@example.org\n\n" + body);
    String header = text.substring(0, text.indexOf("\n\n") + 2);
    assertEquals("pass", verify(new Large(header, body.length())).get(0).result());
    // More than the heap that a test has if it were held several times, and it is not the same.
    assertEquals("fail", verify(new Large(header, 25 << 20)).get(0).result());
  }
}
