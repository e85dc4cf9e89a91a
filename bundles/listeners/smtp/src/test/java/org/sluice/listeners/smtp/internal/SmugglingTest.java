package org.sluice.listeners.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only CRLF, dot, CRLF ends a message (spec 20 section 15.11). */
class SmugglingTest {
  private static final String FIRST =
      "MAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\nSubject: x\r\n\r\nhi";
  private static final String SECOND =
      "MAIL FROM:<evil>\r\nRCPT TO:<b>\r\nDATA\r\nsmuggled\r\n.\r\nQUIT\r\n";

  private final SmtpTalk talk = new SmtpTalk();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\n.\n",
        "\n.\r\n",
        "\r\n.\n",
        "\r.\n",
        "\n.\r",
        "\r\n\n.\r\n",
        "\r\n.\n\r\n",
        "\n\r\n.\n"
      })
  void aBareLineFeedEndsTheSession(String sequence) throws Exception {
    String said = talk.say(FIRST + sequence + SECOND);
    assertTrue(
        said.endsWith("354 go ahead\r\n451 See https://cr.yp.to/docs/smtplf.html.\r\n"), said);
    assertEquals(0, talk.queue.queued.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r.\r",
        "\r\n.\r",
        "\r.\r\n",
        "\r\n\0.\r\n",
        "\r\n.\0\r\n",
        ".\r\r\n",
        "\r\n.\r\r\n",
        "\r\r\n.\r",
        "\r\n .\r\n",
        "\r\n..\r\n",
        "\0\r\n\0.\0\r\n"
      })
  void theRestIsText(String sequence) throws Exception {
    String said = talk.say(FIRST + sequence + SECOND);
    assertTrue(said.contains("354 go ahead\r\n250 ok "), said);
    assertEquals(1, talk.queue.queued.size());
    var queued = talk.queue.queued.get(0);
    assertEquals("Fa\0Tb\0\0", queued.envelope());
    assertTrue(queued.message().contains("MAIL FROM:<evil>\nRCPT TO:<b>\nDATA\nsmuggled\n"));
  }

  @Test
  void theEndItself() throws Exception {
    talk.say(FIRST + "\r\n.\r\n" + SECOND);
    assertEquals(2, talk.queue.queued.size());
  }
}
