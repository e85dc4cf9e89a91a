package org.sluice.smtp.utf8.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.MessageOptions;
import org.sluice.listeners.smtp.internal.SmtpTalk;

class SmtpUtf8Test {
  /** UTF-8, as bytes in ISO-8859-1. */
  private static final String U = bytes("\u00fcser@b\u00fccher.example");

  private final SmtpTalk talk = new SmtpTalk(new SmtpUtf8());

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Test
  void passesOctetsThrough() throws Exception {
    talk.control("rcpthosts", bytes("b\u00fccher.example\n"));
    String said =
        talk.say(
            "EHLO x\r\nMAIL FROM:<%s> BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<%s>\r\nDATA\r\nSubject: %s\r\n\r\n.\r\n"
                .formatted(U, U, U));
    assertTrue(said.contains("250 SMTPUTF8\r\n250 ok\r\n250 ok\r\n354 "), said);
    var queued = talk.queue.queued.get(0);
    assertEquals("F" + U + "\0T" + U + "\0\0", queued.envelope());
    assertEquals(
        MessageOptions.NONE.withSmtpUtf8(true).withEightBit(true),
        talk.queue.envelopes.get(0).options());
    assertTrue(queued.message().contains(" with UTF8SMTP; "), queued.message());
    assertTrue(queued.message().endsWith("\nSubject: " + U + "\n\n"), queued.message());
  }

  @Test
  void controlFilesHaveALabels() throws Exception {
    talk.control("rcpthosts", "xn--bcher-kva.example\n");
    talk.control("badmailfrom", "@xn--tda.example\n" + bytes("\u00fc@xn--tda.org\n"));
    assertEquals(
        List.of("250 ok", "250 ok"),
        SmtpTalk.lines(
                talk.say("EHLO x\r\nMAIL FROM:<a> SMTPUTF8\r\nRCPT TO:<%s>\r\n".formatted(U)))
            .subList(5, 7));
    for (String bad : List.of("a@\u00dc.example", "\u00fc@\u00fc.org")) {
      String said =
          talk.say(
              "EHLO x\r\nMAIL FROM:<%s> SMTPUTF8\r\nRCPT TO:<%s>\r\n".formatted(bytes(bad), U));
      assertTrue(SmtpTalk.lines(said).get(6).startsWith("553 sorry, your envelope"), said);
    }
  }

  @Test
  void mustBeSaidAndBeUtf8() throws Exception {
    assertEquals(
        List.of(
            "553 5.6.7 say SMTPUTF8 for such an address",
            "501 5.5.4 SMTPUTF8 takes no value",
            "553 5.1.7 that address is not UTF-8",
            "250 ok",
            "553 5.6.7 say SMTPUTF8 for such an address",
            "250 ok",
            "553 5.1.3 that address is not UTF-8",
            "250 ok"),
        SmtpTalk.lines(
                talk.say(
                    ("EHLO x\r\nMAIL FROM:<%s>\r\nMAIL FROM:<a> SMTPUTF8=1\r\nMAIL FROM:<\u00fc> SMTPUTF8\r\n"
                            + "MAIL FROM:<a>\r\nRCPT TO:<%s>\r\nMAIL FROM:<a> smtputf8\r\n"
                            + "RCPT TO:<\u00fc>\r\nRCPT TO:<%s>\r\n")
                        .formatted(U, U, U)))
            .subList(5, 13));
  }
}
