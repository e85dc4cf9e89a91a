package org.sluice.filters.authres.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.filter.AuthResult;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.BytesMessage;
import org.sluice.dns.DnsJavaResolver;
import org.sluice.testkit.NameServer;
import org.sluice.testkit.OpenChain;

/** DMARC over a name server. */
@Timeout(60)
class DmarcTest {
  private static NameServer server;
  private static DnsJavaResolver dns;

  @BeforeAll
  static void start() throws IOException {
    Map<String, List<String>> records = new HashMap<>();
    policy(records, "org.example", "p=reject; sp=quarantine");
    policy(records, "strict.org.example", "p=reject; aspf=s; adkim=s");
    policy(records, "none.example", "p=none");
    policy(records, "half.example", "p=reject; pct=50");
    policy(records, "test.example", "p=reject; t=y");
    policy(records, "bad.example", "p=nonsense");
    // A public suffix with a policy: those below it are organizations of their own.
    policy(records, "bank", "psd=y; p=reject");
    policy(records, "a.bank", "p=reject");
    policy(records, "unit.org.example", "p=reject; psd=n");
    records.put(
        "_dmarc.two.example. TXT", List.of("\"v=DMARC1; p=reject\"", "\"v=DMARC1; p=none\""));
    records.put("_dmarc.other.example. TXT", List.of("\"v=spf1 -all\"", "\"p=reject; v=DMARC1\""));
    records.put("_dmarc.down.example. TXT", NameServer.SERVFAIL);
    policy(records, "own.down.example", "p=reject");
    server = new NameServer(records);
    dns = DnsJavaResolver.of(server.address());
  }

  private static void policy(Map<String, List<String>> records, String domain, String tags) {
    records.put("_dmarc." + domain + ". TXT", List.of("\"v=DMARC1; " + tags + "\""));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private MailTransaction transaction = transaction(Map.of());
  private int dice;

  private static MailTransaction transaction(Map<String, String> environment) {
    var session = new Session("1", "smtp", environment, Optional.empty(), Instant.EPOCH);
    return new OpenChain().begin(session, new ReversePath("a@example.org")).transaction();
  }

  private void found(String method, String result, String property, String value) {
    var found = new AuthResult(method, result, "", Map.of(property, value));
    AuthResult.put(transaction, method, List.of(found));
  }

  /** The result, and the code if the message is refused. */
  private String judge(String header) throws Exception {
    byte[] octets = (header + "\n\n").getBytes(StandardCharsets.ISO_8859_1);
    var filter = new Dmarc(dns, true, Duration.ofSeconds(20), () -> dice);
    var message = new BytesMessage(octets, 0, octets.length);
    Verdict verdict = filter.filter(transaction, message, null);
    String refused = verdict instanceof Verdict.Reject reject ? " " + reject.reply() : "";
    return AuthResult.of(transaction, "dmarc").map(r -> r.get(0).result()).orElse("-") + refused;
  }

  private String judge(String from, String spf, String dkim) throws Exception {
    found("spf", spf.isEmpty() ? "none" : "pass", "smtp.mailfrom", "x@" + spf);
    found("dkim", dkim.isEmpty() ? "none" : "pass", "header.d", dkim);
    String result = judge("From: A <a@" + from + ">");
    return result.replaceAll(" 550 5\\.7\\.26 .*", " refused");
  }

  @ParameterizedTest
  @CsvSource({
    "org.example, org.example, '', pass",
    "org.example, '', ORG.example, pass",
    "org.example, sub.org.example, '', pass",
    "sub.org.example, '', org.example, pass",
    "a.sub.org.example, '', b.org.example, pass",
    "org.example, evil-org.example, '', fail refused",
    "org.example, org.example.evil.example, example, fail refused",
    "org.example, '', '', fail refused",
    "sub.org.example, '', '', fail", // sp=quarantine
    "strict.org.example, strict.org.example, '', pass",
    "strict.org.example, org.example, org.example, fail refused",
    "strict.org.example, '', a.strict.org.example, fail refused",
    "none.example, '', '', fail",
    "test.example, '', '', fail",
    "bad.example, '', '', fail",
    "nothing.example, '', '', none",
    "two.example, '', '', none",
    "other.example, '', '', none",
    "down.example, '', '', temperror",
    "own.down.example, own.down.example, '', pass",
    "own.down.example, '', '', temperror",
    "a.bank, '', a.bank, pass",
    "www.a.bank, '', a.bank, pass",
    "a.bank, '', b.bank, fail refused",
    "b.bank, '', a.bank, fail refused", // by the policy of the suffix
    "unit.org.example, '', org.example, fail refused",
    "x.unit.org.example, '', unit.org.example, pass",
    "a.b.c.d.e.f.g.h.i.j.org.example, '', org.example, pass",
  })
  void alignmentAndPolicy(String from, String spf, String dkim, String expected) throws Exception {
    assertEquals(expected, judge(from, spf, dkim));
  }

  @Test
  void onlySomeAreRefusedIfTheDomainSaysSo() throws Exception {
    dice = 49;
    assertEquals("fail refused", judge("half.example", "", ""));
    dice = 50;
    assertEquals("fail", judge("half.example", "", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Subject: x",
        "From: a@org.example\nFrom: b@none.example",
        "From: a@org.example, b@none.example",
        "From: a@org.example\nfrom : b@org.example",
        "From: nobody",
        "From: a@[192.0.2.1]",
        "From: <a@org.example",
        "From:",
        "From: \"a@org.example\"",
        "From: a@org.example <b@none.example>",
        "From: <b@none.example> a",
        "From: <a@\"org.example\">",
      })
  void notOneAuthorIsAPermanentError(String header) throws Exception {
    assertEquals("permerror", judge(header));
  }

  @Test
  void theNameThatIsShownIsNotTheAddress() throws Exception {
    found("spf", "pass", "smtp.mailfrom", "x@none.example");
    found("dkim", "none", "header.d", "");
    assertEquals("pass", judge("From: \"a@org.example\" <b@none.example>"));
    assertEquals("pass", judge("From: (a@org.example)\n b@NONE.example (<c@org.example>)"));
  }

  @Test
  void whoeverHasNotAskedCannotTell() throws Exception {
    assertEquals("temperror", judge("From: a@org.example"));
    found("dkim", "temperror", "header.d", "org.example");
    found("spf", "fail", "smtp.mailfrom", "x@org.example");
    assertEquals("temperror", judge("From: a@org.example"));
  }

  @Test
  void thoseWhoMayRelayAreNotAsked() throws Exception {
    transaction = transaction(Map.of("RELAYCLIENT", ""));
    assertEquals("-", judge("From: a@org.example"));
  }
}
