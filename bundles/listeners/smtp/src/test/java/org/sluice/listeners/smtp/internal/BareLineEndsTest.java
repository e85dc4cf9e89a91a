package org.sluice.listeners.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sluice.api.smtp.LineEnds;
import org.sluice.api.smtp.LineEnds.BareCr;
import org.sluice.api.smtp.LineEnds.BareLf;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpHooks;

/**
 * The policies for bare LF and CR (spec 20 section 15.11). The client says all at once, and in
 * pieces of one and seven octets.
 */
class BareLineEndsTest {
  private static final String BEGIN = "MAIL FROM:<a>\r\nRCPT TO:<b>\r\n";
  private static final String FIRST = BEGIN + "DATA\r\nSubject: x\r\n\r\nhi";
  private static final String SECOND =
      "MAIL FROM:<evil>\r\nRCPT TO:<b>\r\nDATA\r\nsmuggled\r\n.\r\nQUIT\r\n";
  private static final String AS_TEXT = "MAIL FROM:<evil>\nRCPT TO:<b>\nDATA\nsmuggled\n";

  /** What each is as text, where it is taken. */
  private static final Map<String, String> SEQUENCES =
      Map.of(
          "\n.\n", "\n.\n",
          "\n.\r\n", "\n.\n",
          "\r.\r", "\r.\r",
          "\r\n.\r", "\n.\r",
          "\r\n.\n", "\n.\n",
          "\r.\r\n", "\r.\n",
          "\n.\r", "\n.\r",
          "\r\n\0.\r\n", "\n\0.\n",
          ".\r\r\n", ".\r\n");

  private static final Pattern LF = Pattern.compile("(?<!\r)\n");
  private static final Pattern CR = Pattern.compile("\r(?!\n)");

  /** A policy and a sequence. */
  record Case(LineEnds policy, String sequence) {
    @Override
    public String toString() {
      return policy
          + " "
          + sequence.replace("\r", "CR ").replace("\n", "LF ").replace("\0", "NUL ");
    }

    boolean refused() {
      return policy.lineFeed() != BareLf.NORMALIZE && LF.matcher(sequence).find()
          || policy.carriageReturn() == BareCr.REJECT && CR.matcher(sequence).find();
    }
  }

  static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (BareLf lineFeed : BareLf.values()) {
      for (BareCr carriageReturn : BareCr.values()) {
        SEQUENCES
            .keySet()
            .forEach(s -> cases.add(new Case(new LineEnds(lineFeed, carriageReturn), s)));
      }
    }
    return cases.stream();
  }

  /** B and L are BDAT without and with LAST. */
  private static SmtpTalk talk(LineEnds policy) {
    return new SmtpTalk(
        dialogue -> {
          dialogue.lineEnds(policy);
          return Optional.of(
              new SmtpHooks() {
                @Override
                public SmtpAnswer command(SmtpCommand command) {
                  boolean last = command.verb().equals("l");
                  return last || command.verb().equals("b")
                      ? new SmtpAnswer.Chunk(Long.parseLong(command.argument()), last)
                      : SmtpAnswer.pass();
                }
              });
        });
  }

  private static SmtpTalk talk(BareLf lineFeed, BareCr carriageReturn) {
    return talk(new LineEnds(lineFeed, carriageReturn));
  }

  private static String body(SmtpTalk talk) {
    String message = talk.queue.queued.get(0).message();
    return message.substring(message.indexOf("\n", message.indexOf('\n') + 1) + 1);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void neverTwoMessages(Case given) throws Exception {
    var talk = talk(given.policy());
    String said = talk.say(FIRST + given.sequence() + SECOND);
    if (given.refused()) {
      assertTrue(said.endsWith("354 go ahead\r\n" + refusal(given)), said);
      assertEquals(0, talk.queue.queued.size());
      return;
    }
    assertTrue(said.contains("354 go ahead\r\n250 ok ") && said.endsWith("221 m\r\n"), said);
    assertEquals(1, talk.queue.queued.size());
    String text = SEQUENCES.get(given.sequence());
    boolean spaces = given.policy().carriageReturn() == BareCr.CONVERT;
    assertEquals(
        "Subject: x\n\nhi" + (spaces ? text.replace('\r', ' ') : text) + AS_TEXT, body(talk));
    assertEquals("Fa\0Tb\0\0", talk.queue.queued.get(0).envelope());
  }

  private static String refusal(Case given) {
    boolean lf = LF.matcher(given.sequence()).find();
    if (lf && given.policy().lineFeed() == BareLf.REJECT_451) {
      return "451 See https://cr.yp.to/docs/smtplf.html.\r\n";
    }
    if (lf && given.policy().lineFeed() == BareLf.REJECT_521) {
      return "521 5.5.2 bare <LF> received\r\n";
    }
    boolean feed = lf && given.policy().lineFeed() == BareLf.REJECT_550_AT_END;
    return "550 5.5.2 message has a bare "
        + (feed ? "line feed" : "carriage return")
        + "\r\n221 m\r\n";
  }

  @ParameterizedTest
  @EnumSource(BareLf.class)
  void theEndItselfIsTheSameForAll(BareLf lineFeed) throws Exception {
    for (BareCr carriageReturn : BareCr.values()) {
      var talk = talk(lineFeed, carriageReturn);
      talk.say(FIRST + "\r\n.\r\n" + SECOND);
      assertEquals(2, talk.queue.queued.size());
    }
  }

  @Test
  void dotsNextToABareLineFeedStay() throws Exception {
    var talk = talk(BareLf.NORMALIZE, BareCr.PASS);
    talk.say(BEGIN + "DATA\r\n\n.a\n..b\r\n..c\r\n.\n\r\n.d\n\n.\r\n.\r\nQUIT\r\n");
    assertEquals("\n.a\n..b\n.c\n.\n\nd\n\n.\n", body(talk));
  }

  @Test
  void afterARefusalTheSessionGoesOn() throws Exception {
    var talk = talk(BareLf.REJECT_550_AT_END, BareCr.REJECT);
    String said =
        talk.say(FIRST + "\n\r\n.\r\n" + FIRST + "\r\r\n.\r\n" + FIRST + "\r\n.\r\nQUIT\r\n");
    List<String> lines = SmtpTalk.lines(said);
    assertEquals("550 5.5.2 message has a bare line feed", lines.get(4));
    assertEquals("550 5.5.2 message has a bare carriage return", lines.get(8));
    assertTrue(lines.get(12).startsWith("250 ok "), said);
    assertEquals(1, talk.queue.queued.size());
    assertFalse(talk.chain.ended.isEmpty());
    assertEquals("REFUSED: 550 5.5.2 message has a bare line feed", talk.chain.ended.get(0));
  }

  @Test
  void aClientThatGoesAwayBeforeTheEndHasSentNothing() throws Exception {
    var talk = talk(BareLf.NORMALIZE, BareCr.PASS);
    assertTrue(talk.say(FIRST + "\n.\n").endsWith("354 go ahead\r\n"));
    assertEquals(0, talk.queue.queued.size());
  }

  @Test
  void hopsAreCountedInTheHeaderOnly() throws Exception {
    var talk = talk(BareLf.NORMALIZE, BareCr.PASS);
    String hops = "Received: x\n".repeat(100);
    String said = talk.say(BEGIN + "DATA\r\n" + hops + "\r\n.\r\n");
    assertTrue(said.endsWith("554 too many hops, this message is looping (#5.4.6)\r\n"), said);
    talk.say(BEGIN + "DATA\r\nSubject: x\n\n" + hops + "\r\n.\r\n");
    assertEquals(1, talk.queue.queued.size());
  }

  private static String chunk(String verb, String text) {
    return verb + " " + text.length() + "\r\n" + text;
  }

  @ParameterizedTest
  @EnumSource(BareLf.class)
  void bdatEndsNoSession(BareLf lineFeed) throws Exception {
    var talk = talk(lineFeed, BareCr.PASS);
    String said = talk.say(BEGIN + chunk("L", "a\n.\r\nb\r\n") + "QUIT\r\n");
    boolean taken = lineFeed == BareLf.NORMALIZE;
    String reply = taken ? "250 ok [0-9]+ qp [0-9]+" : "550 5\\.5\\.2 message has a bare line feed";
    assertTrue(said.matches("(?s).*\r\n" + reply + "\r\n221 m\r\n"), said);
    assertEquals(taken ? 1 : 0, talk.queue.queued.size());
    if (taken) {
      assertEquals("a\n.\nb\n", body(talk));
    }
  }

  @Test
  void carriageReturnsInBdat() throws Exception {
    String parts = BEGIN + chunk("B", "a\r") + chunk("B", "\nb\rc\r\n") + chunk("L", "d\r");
    var pass = talk(BareLf.NORMALIZE, BareCr.PASS);
    pass.say(parts);
    assertEquals("a\nb\rc\nd\r\n", body(pass));
    var convert = talk(BareLf.NORMALIZE, BareCr.CONVERT);
    convert.say(parts);
    assertEquals("a\nb c\nd \n", body(convert));
    var reject = talk(BareLf.NORMALIZE, BareCr.REJECT);
    for (String text : List.of("b\rc\r\n", "b\r")) {
      String said = reject.say(BEGIN + chunk("B", "a\r") + chunk("L", "\n" + text) + "QUIT\r\n");
      assertTrue(said.endsWith("550 5.5.2 message has a bare carriage return\r\n221 m\r\n"), said);
    }
  }
}
