package org.sluice.smtp.statuscodes.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;
import org.sluice.listeners.smtp.internal.SmtpTalk;

class StatusCodesTest {
  private final SmtpTalk talk = new SmtpTalk(new StatusCodes());

  @Test
  void everyReplyButTheGreetingAndHello() throws Exception {
    talk.control("rcpthosts", "here\n").control("badmailfrom", "@evil\n");
    assertEquals(
        List.of(
            "220 m ESMTP",
            "250 m",
            "250-m",
            "250-PIPELINING",
            "250-8BITMIME",
            "250 ENHANCEDSTATUSCODES",
            "250 2.0.0 ok",
            "252 2.0.0 send some mail, i'll try my best",
            "214 2.0.0 notqmail home page: https://notqmail.org",
            "502 5.5.1 unimplemented",
            "503 5.5.1 MAIL first",
            "250 2.1.0 ok",
            "553 5.7.1 sorry, that domain isn't in my list of allowed rcpthosts",
            "503 5.5.1 RCPT first",
            "250 2.1.5 ok",
            "250 2.0.0 flushed",
            "221 2.0.0 m"),
        SmtpTalk.lines(
            talk.say(
                "HELO x\r\nEHLO x\r\nNOOP\r\nVRFY\r\nHELP\r\nX\r\nDATA\r\nMAIL FROM:<a>\r\n"
                    + "RCPT TO:<b@c>\r\nDATA\r\nRCPT TO:<b@here>\r\nRSET\r\nQUIT\r\n")));
  }

  @Test
  void anEmptyCommandIsOneAsAnyOther() throws Exception {
    assertTrue(
        talk.say("EHLO x\r\n\r\n NOOP\r\n")
            .endsWith("\r\n502 5.5.1 unimplemented\r\n502 5.5.1 unimplemented\r\n"));
  }

  @Test
  void whoWasNotToldOfThemGetsNone() throws Exception {
    assertEquals(
        List.of("220 m ESMTP", "250 ok", "250 m", "250 ok", "221 m"),
        SmtpTalk.lines(talk.say("NOOP\r\nHELO x\r\nNOOP\r\nQUIT\r\n")));
  }

  @Test
  void afterData() throws Exception {
    String mail = "EHLO x\r\nMAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\nhi\r\n.\r\n";
    String said = talk.say(mail);
    assertTrue(said.contains("\n354 go ahead\r\n250 2.0.0 ok "), said);
    talk.queue.exit = 53;
    assertTrue(talk.say(mail).endsWith("\n451 4.3.0 qq write error or disk full\r\n"));
    // The text of a custom queue program, with the code of another class.
    talk.queue.exit = 82;
    talk.queue.error = "Dno way (#4.7.1)";
    assertTrue(talk.say(mail).endsWith("\n554 5.3.0 no way (#4.7.1)\r\n"));
  }

  @Test
  void aFiltersReplyKeepsItsCode() throws Exception {
    talk.chain.sender = new Verdict.Reject(Reply.of(550, "5.7.23", "no"));
    assertTrue(talk.say("EHLO x\r\nMAIL FROM:<a>\r\n").endsWith("\n550 5.7.23 no\r\n"));
    talk.chain.sender = new Verdict.TempFail(new Reply(450, Optional.empty(), List.of("a", "b")));
    assertTrue(
        talk.say("EHLO x\r\nMAIL FROM:<a>\r\n").endsWith("\n450-4.3.0 a\r\n450 4.3.0 b\r\n"));
  }

  @Test
  void theLastWord() throws Exception {
    talk.waits();
    assertTrue(talk.say("EHLO x\r\nNOOP\r\n").endsWith("\n421 4.4.2 timeout\r\n"));
    // It is no answer to EHLO, which has none of the codes.
    assertTrue(talk.say("EHLO x\r\n").endsWith("\n421 4.4.2 timeout\r\n"));
    assertTrue(talk.say("HELO x\r\n").endsWith("\n451 timeout (#4.4.2)\r\n"));
  }
}
