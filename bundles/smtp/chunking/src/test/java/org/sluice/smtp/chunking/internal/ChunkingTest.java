package org.sluice.smtp.chunking.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.listeners.smtp.internal.SmtpTalk;

class ChunkingTest {
  private static final String BEGIN = "MAIL FROM:<a>\r\nRCPT TO:<b>\r\n";

  private final SmtpTalk talk = new SmtpTalk(new Chunking());

  private List<String> replies(String text) throws Exception {
    List<String> lines = SmtpTalk.lines(talk.say(text));
    return lines.subList(1, lines.size());
  }

  @Test
  void theSameOctetsAsByData() throws Exception {
    String text = "Subject: x\r\n\r\n.dot\r\n\r\nlast \u00e9\0\rline\r\n";
    talk.say("EHLO x\r\n" + BEGIN + "DATA\r\n" + text.replace("\r\n.", "\r\n..") + ".\r\n");
    String byData = withoutDate(talk.queue.queued.get(0).message());
    for (int cut = 0; cut <= text.length(); cut++) {
      String first = text.substring(0, cut);
      String second = text.substring(cut);
      talk.say(
          "EHLO x\r\n%sBDAT %d\r\n%sbdat %d last\r\n%s"
              .formatted(BEGIN, first.length(), first, second.length(), second),
          1 << 16);
      assertEquals(
          byData, withoutDate(talk.queue.queued.get(talk.queue.queued.size() - 1).message()));
    }
  }

  private static String withoutDate(String message) {
    return message.replaceFirst("; .*\n", ";\n");
  }

  @Test
  void isOffered() throws Exception {
    assertTrue(talk.say("EHLO x\r\n").endsWith("250 CHUNKING\r\n"));
  }

  @Test
  void wrongSequences() throws Exception {
    String wrong = "503 5.5.1 BDAT has begun";
    assertEquals(
        List.of(
            "250 ok",
            "250 ok",
            "250 2 octets received",
            wrong,
            wrong,
            wrong,
            wrong,
            "250 ok",
            "250 flushed",
            "250 ok",
            "250 ok"),
        replies(
            BEGIN
                + "BDAT 2\r\nhiDATA\r\nMAIL FROM:<x>\r\nRCPT TO:<x>\r\nEHLO x\r\nNOOP\r\nRSET\r\n"
                + BEGIN));
    assertEquals(0, talk.queue.queued.size());
  }

  @Test
  void aPartThatWasRefusedIsNotLeftOut() throws Exception {
    String noRecipient = "503 RCPT first (#5.5.1)";
    String late = "503 5.5.1 BDAT has failed, RSET first";
    assertEquals(
        List.of(
            "250 ok",
            noRecipient,
            late,
            "250 ok",
            noRecipient,
            late,
            "555 syntax error (#5.5.4)",
            late,
            "250 flushed"),
        replies(
            "MAIL FROM:<a>\r\nBDAT 5\r\nQUIT\nRCPT TO:<b>\r\nNOOP\r\nBDAT 2 LAST\r\nhiDATA\r\n"
                + "MAIL FROM:<"
                + "x".repeat(900)
                + ">\r\nRCPT TO:<b>\r\nRSET\r\n"));
    assertEquals(0, talk.queue.queued.size());
    for (String fresh : List.of("RSET\r\n", "EHLO x\r\n", "")) {
      talk.say("MAIL FROM:<a>\r\nBDAT 2\r\nhi" + fresh + BEGIN + "BDAT 2 LAST\r\nho");
      assertEquals(1, talk.queue.queued.size(), fresh);
    }
  }

  @Test
  void withoutANumberTheSessionEnds() throws Exception {
    for (String argument :
        new String[] {"", " ", " x", " -1", " 1 FIRST", " 1LAST", " 1000000000000000000"}) {
      assertEquals(
          List.of("250 ok", "250 ok", "501 5.5.4 BDAT wants a number, and perhaps LAST"),
          replies(BEGIN + "BDAT" + argument + "\r\nNOOP\r\n"),
          argument);
    }
  }

  @Test
  void aRefusedMessageTakesItsPartsWithIt() throws Exception {
    talk.control("databytes", "3\n");
    assertEquals(
        List.of(
            "250 ok",
            "250 ok",
            "552 sorry, that message size exceeds my databytes limit (#5.3.4)",
            "503 MAIL first (#5.5.1)",
            "503 MAIL first (#5.5.1)",
            "250 ok"),
        replies(BEGIN + "BDAT 4\r\nQUITBDAT 4\r\nQUITBDAT 4 LAST\r\nQUITMAIL FROM:<a>\r\n"));
  }

  @Test
  void noBinaryMime() throws Exception {
    assertEquals(
        List.of("501 5.5.4 no such BODY here", "250 ok"),
        replies("EHLO x\r\nMAIL FROM:<a> BODY=BinaryMime\r\nMAIL FROM:<a> BODY=8BITMIME\r\n")
            .subList(4, 6));
  }

  @Test
  void smugglingIsNotPossible() throws Exception {
    for (String sequence :
        new String[] {"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r\n", "\r\n.\r"}) {
      String text = "x" + sequence + "MAIL FROM:<evil>\r\nRCPT TO:<b>\r\nDATA\r\ny\r\n.\r\n";
      talk.say(BEGIN + "BDAT " + text.length() + " LAST\r\n" + text);
      assertTrue(talk.queue.queued.size() <= 1);
      boolean bareLf = sequence.replace("\r\n", "").contains("\n");
      assertEquals(bareLf ? 0 : 1, talk.queue.queued.size());
    }
  }
}
