package org.sluice.smtp.dsn.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.Notify;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.ReturnContent;
import org.sluice.listeners.smtp.internal.SmtpTalk;

/** What gets into the queue, and what is refused. */
class DsnTest {
  private final SmtpTalk talk = new SmtpTalk(new Dsn());

  private List<RecipientOptions> recipients() {
    return talk.queue.envelopes.get(0).recipients().stream().map(Recipient::options).toList();
  }

  private static RecipientOptions options(Set<Notify> notify, String original) {
    return new RecipientOptions(notify, Optional.of(original).filter(o -> !o.isEmpty()));
  }

  @Test
  void whatIsAskedIsQueued() throws Exception {
    talk.say(
        "EHLO x\r\nMAIL FROM:<a> RET=hdrs ENVID=QQ+2B314159\r\n"
            + "RCPT TO:<b@c> NOTIFY=SUCCESS,delay ORCPT=rfc822;b+2Bx@c\r\n"
            + "RCPT TO:<d> NOTIFY=NEVER\r\nRCPT TO:<e>\r\n"
            + "RCPT TO:<refused> NOTIFY=x\r\nRCPT TO:<f>\r\nDATA\r\n.\r\n");
    assertEquals("Fa\0Tb@c\0Td\0Te\0Tf\0\0", talk.queue.queued.get(0).envelope());
    assertEquals(
        new MessageOptions(Optional.of(ReturnContent.HDRS), Optional.of("QQ+2B314159"), false),
        talk.queue.envelopes.get(0).options());
    assertEquals(
        List.of(
            options(Set.of(Notify.SUCCESS, Notify.DELAY), "rfc822;b+2Bx@c"),
            options(Set.of(Notify.NEVER), ""),
            RecipientOptions.NONE,
            RecipientOptions.NONE),
        recipients());
  }

  @Test
  void nothingIsLeftForTheNextMessage() throws Exception {
    talk.say(
        "EHLO x\r\nMAIL FROM:<a> RET=FULL\r\nRCPT TO:<b> NOTIFY=NEVER\r\nDATA\r\n.\r\n"
            + "MAIL FROM:<a> RET=FULL\r\nRSET\r\n"
            + "MAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\n.\r\n");
    assertEquals(MessageOptions.NONE, talk.queue.envelopes.get(1).options());
    assertEquals(RecipientOptions.NONE, talk.queue.envelopes.get(1).recipients().get(0).options());
  }

  @Test
  void aHundredRecipientsWithAllParameters() throws Exception {
    String original = "rfc822;" + "x".repeat(493);
    var said =
        new StringBuilder("EHLO x\r\nMAIL FROM:<a> RET=FULL ENVID=" + "e".repeat(100) + "\r\n");
    for (int i = 0; i < 100; i++) {
      said.append("RCPT TO:<u").append(i).append("> NOTIFY=DELAY,FAILURE,SUCCESS ORCPT=");
      said.append(original).append("\r\n");
    }
    assertTrue(talk.say(said + "DATA\r\n.\r\n").contains("250 ok "));
    var all = options(EnumSet.range(Notify.SUCCESS, Notify.DELAY), original);
    assertEquals(Collections.nCopies(100, all), recipients());
  }

  @Test
  void utf8AddressesAreKeptInAscii() throws Exception {
    talk.say(
        "EHLO x\r\nMAIL FROM:<a>\r\nRCPT TO:<b> ORCPT=UTF-8;\u00c3\u00bc@x\r\n"
            + "RCPT TO:<c> ORCPT=utf-8;\\x{FC}@x\r\nDATA\r\n.\r\n");
    assertEquals(
        List.of(options(Set.of(), "UTF-8;\\x{FC}@x"), options(Set.of(), "utf-8;\\x{FC}@x")),
        recipients());
  }

  private static String last(List<String> lines) {
    return lines.get(lines.size() - 1);
  }

  @Test
  void isAnnounced() throws Exception {
    assertTrue(talk.say("EHLO x\r\n").endsWith("250 DSN\r\n"));
  }

  @Test
  void isNotOfferedWhereTheListenerSaysSo() throws Exception {
    talk.with("SMTPDSN", "-");
    String said =
        talk.say("EHLO x\r\nMAIL FROM:<a>\r\nRCPT TO:<b> NOTIFY=SUCCESS\r\nDATA\r\n.\r\n");
    assertFalse(said.contains("DSN"), said);
    assertEquals(List.of(RecipientOptions.NONE), recipients());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RET",
        "RET=",
        "RET=BODY",
        "RET=FULL RET=FULL",
        "ENVID",
        "ENVID=a b=c ENVID=a",
        "ENVID=+0A",
        "ENVID=a+b",
        "NOTIFY=NEVER",
        "ORCPT=rfc822;a"
      })
  void refusesAtMail(String parameters) throws Exception {
    List<String> lines = SmtpTalk.lines(talk.say("EHLO x\r\nMAIL FROM:<a> " + parameters + "\r\n"));
    assertTrue(last(lines).startsWith("501 5.5.4 syntax error in parameter "), lines.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NOTIFY",
        "NOTIFY=",
        "NOTIFY=NEVER,SUCCESS",
        "NOTIFY=SUCCESS,SUCCESS",
        "NOTIFY=SUCCESS,",
        "NOTIFY=x",
        "NOTIFY=SUCCE\u00df",
        "ORCPT=",
        "ORCPT=rfc822",
        "ORCPT=;a",
        "ORCPT=rfc822;",
        "ORCPT=rfc822;a+0",
        "ORCPT=rfc822;\u00c3\u00bc",
        "ORCPT=utf-8;\u00c3",
        "ORCPT=utf-8;a+2B",
        "ORCPT=utf-8;a\\b",
        "NOTIFY=SUCCESS NOTIFY=FAILURE",
        "NOTIFY=SUCCESS,NEVER",
        "ORCPT=rfc822;a ORCPT=rfc822;a",
        "RET=FULL",
        "ENVID=a"
      })
  void refusesAtRcpt(String parameters) throws Exception {
    List<String> lines =
        SmtpTalk.lines(talk.say("EHLO x\r\nMAIL FROM:<a>\r\nRCPT TO:<b> " + parameters + "\r\n"));
    assertTrue(last(lines).startsWith("501 5.5.4 syntax error in parameter "), lines.toString());
  }

  @Test
  void lengthsAreBounded() throws Exception {
    String said =
        talk.say(
            "EHLO x\r\nMAIL FROM:<a> ENVID=%s\r\nMAIL FROM:<a> ENVID=%s\r\nRCPT TO:<b> ORCPT=%s\r\nRCPT TO:<b> ORCPT=%s\r\n"
                .formatted(
                    "a".repeat(101),
                    "a".repeat(100),
                    "x;" + "a".repeat(499),
                    "x;" + "a".repeat(498)));
    assertEquals(
        List.of("501", "250", "501", "250"),
        SmtpTalk.lines(said).subList(5, 9).stream().map(l -> l.substring(0, 3)).toList());
  }
}
