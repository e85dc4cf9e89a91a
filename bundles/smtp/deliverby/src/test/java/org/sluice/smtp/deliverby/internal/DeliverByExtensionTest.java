package org.sluice.smtp.deliverby.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.mail.DeliverBy;
import org.sluice.api.mail.DeliverBy.Mode;
import org.sluice.api.mail.MessageOptions;
import org.sluice.listeners.smtp.internal.SmtpTalk;

/** What gets into the queue, and what is refused. */
class DeliverByExtensionTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);
  private static final String REST = "RCPT TO:<b>\r\nDATA\r\n.\r\n";

  private static SmtpTalk talk(int minimum) {
    return new SmtpTalk(new DeliverByExtension(minimum, () -> NOW));
  }

  private static List<String> mail(SmtpTalk talk, String parameters) throws Exception {
    String said = talk.say("EHLO x\r\nMAIL FROM:<a>" + parameters + "\r\n" + REST);
    List<String> lines = SmtpTalk.lines(said);
    return lines.subList(lines.size() - 4, lines.size());
  }

  @ParameterizedTest
  @CsvSource({
    "120;R, 120, RETURN, false",
    "+000000120;rt, 120, RETURN, true",
    "999999999;RT, 999999999, RETURN, true",
    "0;N, 0, NOTIFY, false",
    "-999999999;N, -999999999, NOTIFY, false",
    "60;nT, 60, NOTIFY, true",
  })
  void whatIsAskedIsQueued(String value, long seconds, Mode mode, boolean trace) throws Exception {
    var talk = talk(0);
    mail(talk, " BY=" + value);
    var by = new DeliverBy(NOW.plusSeconds(seconds), mode, trace);
    assertEquals(Optional.of(by), talk.queue.envelopes.get(0).options().deliverBy());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BY",
        "BY=",
        "BY=120",
        "BY=120;",
        "BY=;R",
        "BY=120;X",
        "BY=120;RR",
        "BY=120;TR",
        "BY=120;NTT",
        "BY=1234567890;N",
        "BY=-+1;N",
        "BY=1.5;N",
        "BY=120;R;T",
        "BY=\u0661;N",
        "BY=0;R",
        "BY=-1;R",
        "BY=-000000000;RT",
        "BY=60;R BY=60;R",
        "by=60;N BY=60;N"
      })
  void mistakesAreRefused(String parameters) throws Exception {
    var talk = talk(0);
    String said = mail(talk, " " + parameters).get(0);
    assertTrue(said.matches("501 5\\.5\\.4 .*"), said);
    assertEquals(0, talk.queue.queued.size());
  }

  @Test
  void tooLittleTimeToComeBackIsRefused() throws Exception {
    assertEquals(
        "555 5.5.4 239 seconds are too few, 240 is the least", mail(talk(240), " BY=239;R").get(0));
    for (String enough : List.of(" BY=240;R", " BY=239;N", " BY=-1;N", "")) {
      assertEquals("250 ok", mail(talk(240), enough).get(0), enough);
    }
  }

  @Test
  void nothingIsLeftForTheNextMessage() throws Exception {
    var talk = talk(0);
    talk.say(
        "EHLO x\r\nMAIL FROM:<a> BY=60;R\r\nRSET\r\nMAIL FROM:<a> BY=0;R\r\nMAIL FROM:<a>\r\n"
            + REST
            + "MAIL FROM:<a> BY=60;R\r\n"
            + REST
            + "MAIL FROM:<a>\r\n"
            + REST);
    assertEquals(MessageOptions.NONE, talk.queue.envelopes.get(0).options());
    assertTrue(talk.queue.envelopes.get(1).options().deliverBy().isPresent());
    assertEquals(MessageOptions.NONE, talk.queue.envelopes.get(2).options());
  }

  @Test
  void isAnnounced() throws Exception {
    assertTrue(talk(0).say("EHLO x\r\n").endsWith("250 DELIVERBY\r\n"));
    assertTrue(talk(240).say("EHLO x\r\n").endsWith("250 DELIVERBY 240\r\n"));
    assertTrue(talk(Integer.MAX_VALUE).say("EHLO x\r\n").endsWith("250 DELIVERBY 999999999\r\n"));
  }

  @Test
  void isNotOfferedWhereTheListenerSaysSo() throws Exception {
    var talk = talk(0).with("SMTPDELIVERBY", "-");
    assertFalse(talk.say("EHLO x\r\n").contains("DELIVERBY"));
    // All parameters are ignored there, as qmail does.
    assertEquals("250 ok", mail(talk, " BY=60;R").get(0));
    assertEquals(MessageOptions.NONE, talk.queue.envelopes.get(0).options());
  }
}
