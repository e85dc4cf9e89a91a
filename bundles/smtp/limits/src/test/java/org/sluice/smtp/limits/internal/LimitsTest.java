package org.sluice.smtp.limits.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.api.smtp.SmtpParameter;
import org.sluice.listeners.smtp.internal.SmtpTalk;

class LimitsTest {
  /** No limits but those that a test sets. */
  static final class Config implements LimitsConfig {
    private String noMail = "";
    private int recipients;
    private int messages;
    private boolean announce;
    private int errors;
    private int delay;
    private boolean strict;
    String bareLf = "reject-451";
    String bareLfExempt = "";
    String bareCr = "pass";

    @Override
    public Class<? extends Annotation> annotationType() {
      return LimitsConfig.class;
    }

    @Override
    public String noMail() {
      return noMail;
    }

    @Override
    public int maxRecipients() {
      return recipients;
    }

    @Override
    public int maxMessages() {
      return messages;
    }

    @Override
    public boolean announce() {
      return announce;
    }

    @Override
    public int maxErrors() {
      return errors;
    }

    @Override
    public int commandSeconds() {
      return 0;
    }

    @Override
    public int messageSeconds() {
      return 0;
    }

    @Override
    public int greetingDelay() {
      return delay;
    }

    @Override
    public boolean strictPipelining() {
      return strict;
    }

    @Override
    public String bareLf() {
      return bareLf;
    }

    @Override
    public String bareLfExempt() {
      return bareLfExempt;
    }

    @Override
    public String bareCr() {
      return bareCr;
    }
  }

  private final Config config = new Config();

  private SmtpTalk talk() {
    return new SmtpTalk(new Limits(config));
  }

  @Test
  void recipients() throws Exception {
    config.recipients = 2;
    String mail = "MAIL FROM:<a>\r\nRCPT TO:<1>\r\nRCPT TO:<2>\r\nRCPT TO:<3>\r\n";
    assertEquals(
        List.of("250 ok", "250 ok", "250 ok", "452 4.5.3 too many recipients"),
        SmtpTalk.lines(talk().say(mail)).subList(1, 5));
    // It is for each message, and the message goes to those who were accepted.
    var talk = talk();
    talk.say(mail + "RSET\r\n" + mail + "DATA\r\n.\r\n" + mail + "DATA\r\n.\r\n");
    assertEquals("Fa\0T1\0T2\0\0", talk.queue.queued.get(0).envelope());
    assertEquals("Fa\0T1\0T2\0\0", talk.queue.queued.get(1).envelope());
    assertTrue(talk().with("MAXRECIPIENTS", "3").say(mail).endsWith("250 ok\r\n250 ok\r\n"));
    assertTrue(talk().with("MAXRECIPIENTS", "0").say(mail).endsWith("250 ok\r\n250 ok\r\n"));
    assertTrue(
        talk().with("MAXRECIPIENTS", "x").say(mail).endsWith("452 4.5.3 too many recipients\r\n"));
  }

  @Test
  void messages() throws Exception {
    config.messages = 2;
    // Those that are refused count (RFC 9422 section 4.1), and so does a mistake.
    String said = talk().say("MAIL FROM:<a>\r\nMAIL nonsense <a\r\nMAIL FROM:<a>\r\nNOOP\r\n");
    assertEquals(
        List.of("421 4.7.0 too many messages in a session"),
        SmtpTalk.lines(said).subList(3, SmtpTalk.lines(said).size()));
    String two = "MAIL FROM:<a>\r\nRSET\r\nmail from:<a>\r\nQUIT\r\n";
    assertTrue(talk().say(two).endsWith("250 ok\r\n221 m\r\n"));
    assertTrue(talk().with("MAXMESSAGES", "1").say(two).endsWith(" in a session\r\n"));
    config.messages = 0;
    assertTrue(talk().say(two + two).endsWith("221 m\r\n"));
  }

  /** What is told, without the keyword. */
  private static List<String> told(SmtpTalk talk) throws Exception {
    return SmtpTalk.lines(talk.say("EHLO x\r\n")).stream()
        .filter(line -> line.contains("LIMITS"))
        .map(line -> line.substring("250 LIMITS".length()))
        .toList();
  }

  @Test
  void limitsAreToldIfWanted() throws Exception {
    config.recipients = 20;
    config.messages = 5;
    assertEquals(List.of(), told(talk()));
    config.announce = true;
    assertEquals(List.of(" RCPTMAX=20 MAILMAX=5"), told(talk()));
    assertEquals(
        List.of(" RCPTMAX=7 MAILMAX=8"),
        told(talk().with("MAXRECIPIENTS", "7").with("MAXMESSAGES", "8")));
    config.messages = 0;
    assertEquals(List.of(" RCPTMAX=20"), told(talk()));
    config.recipients = 1_000_000;
    config.messages = 999_999;
    assertEquals(List.of(" MAILMAX=999999"), told(talk()));
    assertEquals(List.of(), told(talk().with("MAXMESSAGES", "0")));
  }

  @Test
  void aRefusedMailDoesNotBeginToCountAnew() throws Exception {
    config.recipients = 2;
    SmtpHooks picky =
        new SmtpHooks() {
          @Override
          public Optional<Reply> mail(List<SmtpParameter> parameters) {
            return parameters.isEmpty() ? Optional.empty() : Optional.of(Reply.of(501, "no"));
          }
        };
    String said =
        new SmtpTalk(new Limits(config), dialogue -> Optional.of(picky))
            .say(
                "EHLO x\r\nMAIL FROM:<a>\r\nRCPT TO:<1>\r\nRCPT TO:<2>\r\n"
                    + "MAIL FROM:<b> X\r\nRCPT TO:<3>\r\n");
    assertTrue(said.endsWith("250 ok\r\n501 no\r\n452 4.5.3 too many recipients\r\n"), said);
  }

  @Test
  void aHundredThousandRecipients() throws Exception {
    config.recipients = 50_000;
    String said = talk().say("MAIL FROM:<a>\r\n" + "RCPT TO:<b@c>\r\n".repeat(100_000), 1 << 16);
    List<String> lines = SmtpTalk.lines(said);
    assertEquals(50_001, lines.stream().filter("250 ok"::equals).count());
    assertEquals(50_000, lines.stream().filter("452 4.5.3 too many recipients"::equals).count());
  }

  @Test
  void refusedRecipientsDoNotCount() throws Exception {
    config.recipients = 1;
    var talk = talk();
    talk.chain.recipients =
        java.util.Map.of("bad", new Verdict.Reject(Reply.of(550, "5.1.1", "no")));
    assertTrue(
        talk.say("MAIL FROM:<a>\r\nRCPT TO:<bad>\r\nRCPT TO:<bad>\r\nRCPT TO:<b>\r\n")
            .endsWith("550 5.1.1 no\r\n550 5.1.1 no\r\n250 ok\r\n"));
  }

  @Test
  void errors() throws Exception {
    String bad = "X\r\n".repeat(5) + "QUIT\r\n";
    config.errors = 3;
    assertEquals(
        List.of(
            "502 unimplemented (#5.5.1)",
            "NOOP",
            "502 unimplemented (#5.5.1)",
            "502 unimplemented (#5.5.1)",
            "421 4.7.0 too many errors"),
        SmtpTalk.lines(talk().say("X\r\nNOOP\r\n" + bad)).subList(1, 6).stream()
            .map(l -> l.equals("250 ok") ? "NOOP" : l)
            .toList());
    assertTrue(talk().say("\r\n".repeat(4)).endsWith("\r\n421 4.7.0 too many errors\r\n"));
    config.errors = 0;
    assertTrue(talk().say(bad).endsWith("221 m\r\n"));
  }

  @Test
  void whoSpeaksBeforeTheGreeting() throws Exception {
    config.delay = 1;
    assertEquals("554 5.5.1 protocol error: spoke before greeting\r\n", talk().say("EHLO x\r\n"));
    assertTrue(talk().with("RELAYCLIENT", "").say("QUIT\r\n").startsWith("220 m ESMTP\r\n"));
    assertTrue(talk().with("GREETDELAY", "0").say("QUIT\r\n").startsWith("220 m ESMTP\r\n"));
    assertTrue(talk().waits().say("").startsWith("220 m ESMTP\r\n"));
    config.delay = 0;
    assertTrue(talk().say("EHLO x\r\n").startsWith("220 m ESMTP\r\n"));
    assertTrue(talk().with("GREETDELAY", "2").say("EHLO x\r\n").startsWith("554 5.5.1 "));
  }

  @Test
  void whoSpeaksOnAtTheWrongTime() throws Exception {
    config.strict = true;
    assertEquals(
        "220 m ESMTP\r\n503 5.5.0 improper use of pipelining\r\n",
        talk().say("HELO x\r\nNOOP\r\n", 1 << 16));
    assertTrue(
        talk()
            .say("MAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\nhi\r\n.\r\n", 1 << 16)
            .endsWith("\n503 5.5.0 improper use of pipelining\r\n"));
    // The next octets are the answer to a challenge that has not been sent.
    for (String auth :
        List.of("AUTH LOGIN\r\nYQ==\r\nYg==\r\n", "auth PLAIN AGEAYg==\r\nNOOP\r\n")) {
      assertEquals(
          "220 m ESMTP\r\n503 5.5.0 improper use of pipelining\r\n", talk().say(auth, 1 << 16));
    }
    assertTrue(talk().say("AUTH LOGIN\r\n", 1 << 16).endsWith("502 unimplemented (#5.5.1)\r\n"));
    assertTrue(
        talk().say("MAIL FROM:<a>\r\nRSET\r\nEHLO x\r\n", 1 << 16).contains("250-PIPELINING"));
  }

  @Test
  void aHostThatTakesNoMailSaysSoInsteadOfGreeting() throws Exception {
    var config = new Config();
    config.noMail = " ask mx.example.org\u00fc\r\n250 ok ";
    String refusal = "521 ask mx.example.org???250 ok\r\n";
    assertEquals(refusal, new SmtpTalk(new Limits(config)).say("HELO x\r\nQUIT\r\n"));
    assertEquals(
        "521 no\r\n",
        new SmtpTalk(new Limits(new Config())).with("NOMAIL", "no").say("HELO x\r\n"));
    for (String word : List.of("NOMAIL", "RELAYCLIENT")) {
      String said = new SmtpTalk(new Limits(config)).with(word, "").say("HELO x\r\n");
      assertEquals("220 m ESMTP\r\n250 m\r\n", said, word);
    }
  }
}
