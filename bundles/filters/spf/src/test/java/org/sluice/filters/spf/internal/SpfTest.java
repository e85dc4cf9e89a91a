package org.sluice.filters.spf.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sluice.api.filter.AuthResult;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.Networks;
import org.sluice.dns.DnsJavaResolver;
import org.sluice.testkit.NameServer;
import org.sluice.testkit.OpenChain;

/** Who is asked about, what is left for other filters, and what clients are told. */
class SpfTest {
  private static NameServer server;
  private static SpfCheck check;

  @BeforeAll
  static void start() throws IOException {
    server =
        new NameServer(
            Map.of(
                "no.example. TXT", List.of("\"v=spf1 -all\""),
                "xn--bcher-kva.example. TXT", List.of("\"v=spf1 ip4:192.0.2.1 -all\""),
                "broken.example. TXT", NameServer.SERVFAIL));
    check = new SpfCheck(DnsJavaResolver.of(server.address()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private final Map<String, String> environment = new HashMap<>(Map.of("TCPREMOTEIP", "192.0.2.1"));
  private MailTransaction transaction;

  private String ask(boolean strict, String sender, Optional<String> hello) throws Exception {
    var session = new Session("1", "smtp", environment, hello, Instant.EPOCH);
    var from = new ReversePath(sender);
    transaction = new OpenChain().begin(session, from).transaction();
    var filter = new Spf(check, Networks.of("198.51.100.0/24"), strict, strict);
    Verdict verdict = filter.sender(transaction, from);
    if (verdict instanceof Verdict.Reject reject) {
      return reject.reply().toString();
    }
    return verdict instanceof Verdict.TempFail fail ? fail.reply().toString() : "";
  }

  private String left() {
    return AuthResult.of(transaction, "spf").map(r -> r.get(0).text()).orElse("");
  }

  @Test
  void unlessToldOtherwiseItOnlyReports() throws Exception {
    assertEquals("", ask(false, "joe@no.example", Optional.of("client.example")));
    assertEquals("spf=fail (client 192.0.2.1) smtp.mailfrom=joe@no.example", left());
    assertEquals("", ask(false, "joe@broken.example", Optional.empty()));
    assertEquals(
        "spf=temperror (no answer about broken.example, client 192.0.2.1)"
            + " smtp.mailfrom=joe@broken.example",
        left());
  }

  @Test
  void refusesWhenTold() throws Exception {
    assertEquals(
        "550 5.7.23 SPF: no.example does not let 192.0.2.1 send its mail",
        ask(true, "joe@no.example", Optional.of("client.example")));
    assertEquals(
        "451 4.4.3 SPF: the DNS cannot tell about broken.example now",
        ask(true, "joe@broken.example", Optional.of("client.example")));
    assertEquals("", ask(true, "joe@other.example", Optional.of("client.example")));
  }

  @Test
  void bouncesAreJudgedByTheNameOfTheClient() throws Exception {
    assertEquals(
        "550 5.7.23 SPF: no.example does not let 192.0.2.1 send its mail",
        ask(true, "", Optional.of("no.example")));
    assertEquals("spf=fail (client 192.0.2.1) smtp.helo=no.example", left());
    assertEquals("", ask(true, "", Optional.empty()));
    assertEquals("spf=none (no domain to ask about, client 192.0.2.1) smtp.helo=\"\"", left());
  }

  @Test
  void neverForThoseWhoMayRelayOrHaveLoggedInOrAreExempt() throws Exception {
    environment.put("RELAYCLIENT", "");
    assertEquals("", ask(true, "joe@no.example", Optional.empty()));
    assertEquals("", left());
    environment.remove("RELAYCLIENT");
    environment.put("SMTPAUTHUSER", "joe");
    assertEquals("", ask(true, "joe@no.example", Optional.empty()));
    assertEquals("", left());
    environment.remove("SMTPAUTHUSER");
    environment.put("TCPREMOTEIP", "198.51.100.7");
    assertEquals("", ask(true, "joe@no.example", Optional.empty()));
    assertEquals("", left());
  }

  @Test
  void domainsInUtf8AreAskedAboutInALabels() throws Exception {
    String sender = "joe@b\u00c3\u00bccher.example";
    assertEquals("", ask(true, sender, Optional.empty()));
    assertEquals("spf=pass (client 192.0.2.1) smtp.mailfrom=\"joe@b??cher.example\"", left());
  }

  @Test
  void aSenderCannotWriteIntoTheField() throws Exception {
    ask(false, "a) dkim=pass (@no.example", Optional.of("client.example"));
    assertEquals("spf=fail (client 192.0.2.1) smtp.mailfrom=\"a) dkim=pass (@no.example\"", left());
    ask(false, "\"a\\\" dkim=pass b\"@no.example", Optional.of("client.example"));
    assertEquals(
        "spf=fail (client 192.0.2.1)"
            + " smtp.mailfrom=\"\\\"a\\\\\\\" dkim=pass b\\\"@no.example\"",
        left());
  }
}
