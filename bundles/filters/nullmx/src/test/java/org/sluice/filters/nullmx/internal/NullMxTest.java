package org.sluice.filters.nullmx.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.annotation.Annotation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.api.filter.MailTransaction;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.Reply;
import org.sluice.api.mail.ReversePath;
import org.sluice.dns.DnsJavaResolver;
import org.sluice.testkit.NameServer;
import org.sluice.testkit.OpenChain;

class NullMxTest {
  private static final Verdict NEXT = Verdict.next();
  private static final Verdict SENDER =
      new Verdict.Reject(Reply.of(550, "5.7.27", "sender domain has null MX"));
  private static final Verdict RECIPIENT =
      new Verdict.Reject(Reply.of(556, "5.1.10", "recipient domain has null MX"));

  private NameServer names;

  @BeforeEach
  void start() throws Exception {
    names =
        new NameServer(
            Map.of(
                "none.example. MX", List.of("0 ."),
                "xn--mnchen-3ya.example. MX", List.of("0 ."),
                "some.example. MX", List.of("10 mail.some.example."),
                "both.example. MX", List.of("0 .", "10 mail.both.example."),
                "ill.example. MX", NameServer.SERVFAIL));
  }

  @AfterEach
  void stop() {
    names.close();
  }

  private Verdict sender(boolean on, String address) throws Exception {
    return filter(on, false).sender(pass(false, address), new ReversePath(address));
  }

  private Verdict recipient(boolean on, boolean relay, String address) throws Exception {
    return filter(false, on).recipient(pass(relay, "a@b"), new Recipient(address));
  }

  private NullMx filter(boolean senders, boolean recipients) throws Exception {
    return new NullMx(new Config(senders, recipients), DnsJavaResolver.of(names.address()));
  }

  private static MailTransaction pass(boolean relay, String from) {
    Map<String, String> environment = relay ? Map.of("RELAYCLIENT", "") : Map.of();
    var session = new Session("1", "smtp", environment, Optional.empty(), Instant.EPOCH);
    return new OpenChain().begin(session, new ReversePath(from)).transaction();
  }

  @Test
  void senderOfADomainThatTakesNoneIsRefused() throws Exception {
    assertEquals(SENDER, sender(true, "a@none.example"));
    assertEquals(SENDER, sender(true, "a@m\u00c3\u00bcnchen.example")); // UTF-8
  }

  @Test
  void othersPass() throws Exception {
    for (String address :
        List.of(
            "",
            "postmaster",
            "a@[192.0.2.1]",
            "a@some.example",
            "a@both.example", // contradicts itself: RFC 7505 section 3 forbids it
            "a@absent.example",
            "a@ill.example",
            "a@..",
            "a@" + "x".repeat(300),
            "a@\u00ff.example")) {
      assertEquals(NEXT, sender(true, address), address);
      assertEquals(NEXT, recipient(true, true, address), address);
    }
    assertEquals(NEXT, sender(false, "a@none.example"));
  }

  @Test
  void recipientsAreRefusedWhereMailWouldBeRelayed() throws Exception {
    assertEquals(RECIPIENT, recipient(true, true, "a@none.example"));
    assertEquals(NEXT, recipient(true, false, "a@none.example"));
    assertEquals(NEXT, recipient(false, true, "a@none.example"));
  }

  private record Config(boolean senders, boolean recipients) implements NullMxConfig {
    @Override
    public Class<? extends Annotation> annotationType() {
      return NullMxConfig.class;
    }
  }
}
