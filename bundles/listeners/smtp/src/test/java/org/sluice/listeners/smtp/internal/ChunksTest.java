package org.sluice.listeners.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpHooks;

/** A message in chunks is the same message. */
class ChunksTest {
  private static final String BEGIN = "MAIL FROM:<a>\r\nRCPT TO:<b>\r\n";

  /** B and L are BDAT with and without LAST. */
  private final SmtpTalk talk =
      new SmtpTalk(
          dialogue ->
              Optional.of(
                  new SmtpHooks() {
                    @Override
                    public SmtpAnswer command(SmtpCommand command) {
                      boolean last = command.verb().equals("l");
                      return last || command.verb().equals("b")
                          ? new SmtpAnswer.Chunk(Long.parseLong(command.argument()), last)
                          : SmtpAnswer.pass();
                    }
                  }));

  private static String chunk(String verb, String text) {
    return verb + " " + text.length() + "\r\n" + text;
  }

  private String body() {
    String message = talk.queue.queued.get(0).message();
    return message.substring(message.indexOf("\n", message.indexOf('\n') + 1) + 1);
  }

  @Test
  void chunksAreJoined() throws Exception {
    String said =
        talk.say(
            BEGIN
                + chunk("B", "Subject: x\r\n\r")
                + chunk("B", "\n.\r\n..a")
                + chunk("B", "")
                + chunk("L", "\rb\r\n")
                + BEGIN
                + chunk("L", "second")
                + "QUIT\r\n");
    assertEquals("Subject: x\n\n.\n..a\rb\n", body());
    assertEquals(
        List.of("250 13 octets received", "250 7 octets received", "250 0 octets received"),
        SmtpTalk.lines(said).subList(3, 6));
    assertTrue(talk.queue.queued.get(1).message().endsWith("\nsecond\n"));
    assertEquals("Fa\0Tb\0\0", talk.queue.queued.get(1).envelope());
    assertTrue(said.endsWith("221 m\r\n"), said);
  }

  @Test
  void emptyLastChunkEndsTheMessage() throws Exception {
    talk.say(BEGIN + chunk("B", "x\r") + chunk("L", ""));
    assertEquals("x\r\n", body());
    talk.say(BEGIN + chunk("L", ""));
    assertEquals("", body());
  }

  @Test
  void octetsAreReadEvenIfTheyAreRefused() throws Exception {
    talk.control("databytes", "5\n");
    assertEquals(
        List.of(
            "220 m ESMTP",
            "503 MAIL first (#5.5.1)",
            "250 ok",
            "503 RCPT first (#5.5.1)",
            "250 ok",
            "250 6 octets received",
            "552 sorry, that message size exceeds my databytes limit (#5.3.4)",
            "503 MAIL first (#5.5.1)",
            "221 m"),
        SmtpTalk.lines(
            talk.say(
                chunk("B", "QUIT\r\n")
                    + "MAIL\r\n"
                    + chunk("L", "QUIT\r\n")
                    + "RCPT TO:<b>\r\n"
                    + chunk("B", "QUIT\r\n")
                    + chunk("B", "RSET\r\n")
                    + chunk("L", "RSET\r\n")
                    + "QUIT\r\n")));
    assertEquals(0, talk.queue.queued.size());
  }

  @Test
  void aBareLineFeedIsRefused() throws Exception {
    String said = talk.say(BEGIN + chunk("L", "x\r\n\n.\r\n") + "QUIT\r\n");
    assertTrue(
        said.endsWith("250 ok\r\n550 5.5.2 message has a bare line feed\r\n221 m\r\n"), said);
    assertEquals(0, talk.queue.queued.size());
  }

  @Test
  void hopsAndTheQueuesRefusal() throws Exception {
    String said = talk.say(BEGIN + chunk("L", "Received: x\r\n".repeat(100) + "\r\n"));
    assertTrue(said.contains("\n554 too many hops, this message is looping (#5.4.6)\r\n"), said);
    talk.queue.exit = 53;
    said = talk.say(BEGIN + chunk("L", "x\r\n") + BEGIN);
    assertTrue(said.contains("451 qq write error or disk full (#4.3.0)\r\n250 ok\r\n"), said);
  }

  @Test
  void rsetAndTheEndOfTheInputDropThePartialMessage() throws Exception {
    talk.say(BEGIN + chunk("B", "x\r\n") + "RSET\r\n" + chunk("L", "y\r\n"));
    talk.say(BEGIN + chunk("B", "x\r\n"));
    talk.say(BEGIN + "L 10\r\nx\r\n");
    assertEquals(0, talk.queue.queued.size());
  }
}
