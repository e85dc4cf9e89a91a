package org.sluice.smtp.requiretls.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.Reply;
import org.sluice.api.net.TlsServer;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.listeners.smtp.internal.SmtpTalk;

/** What gets into the queue, and what is refused; the dialogue's TLS is one of strings. */
class RequireTlsTest {
  private static final String SEND = "RCPT TO:<b>\r\nDATA\r\n.\r\n";

  private final SmtpTalk talk = new SmtpTalk(new RequireTls(), startTls());

  private static SmtpExtension startTls() {
    var keys =
        new TlsServer() {
          @Override
          public boolean ready() {
            return true;
          }

          @Override
          public SSLSocket wrap(Socket socket) throws IOException {
            throw new IOException("no socket here");
          }
        };
    return dialogue ->
        Optional.of(
            new SmtpHooks() {
              @Override
              public SmtpAnswer command(SmtpCommand command) {
                return command.verb().equals("starttls")
                    ? new SmtpAnswer.StartTls(Reply.of(220, "2.0.0", "go"), keys)
                    : SmtpAnswer.pass();
              }
            });
  }

  /** The replies within TLS. */
  private List<String> inside(String text) throws Exception {
    talk.insideTls(text);
    List<String> lines = SmtpTalk.lines(talk.say("EHLO x\r\nSTARTTLS\r\n"));
    return lines.subList(lines.indexOf("<TLS>") + 1, lines.size());
  }

  @Test
  void isAnnouncedWithinTlsOnly() throws Exception {
    assertFalse(talk.say("EHLO x\r\n").contains("REQUIRETLS"));
    assertEquals("250 REQUIRETLS", inside("EHLO x\r\n").get(3));
  }

  @Test
  void whatIsAskedIsQueuedAndNothingIsLeftForTheNextMessage() throws Exception {
    inside(
        "EHLO x\r\nMAIL FROM:<a> requiretls\r\n"
            + SEND
            + "MAIL FROM:<a> REQUIRETLS\r\nRSET\r\nMAIL FROM:<a>\r\n"
            + SEND);
    assertEquals(
        List.of(MessageOptions.NONE.withRequireTls(true), MessageOptions.NONE),
        talk.queue.envelopes.subList(0, 2).stream().map(e -> e.options()).toList());
  }

  @Test
  void refusals() throws Exception {
    assertEquals(
        List.of("501 5.5.4 REQUIRETLS takes no value", "501 5.5.4 syntax error in a parameter"),
        inside("EHLO x\r\nMAIL FROM:<a> REQUIRETLS=1\r\nMAIL FROM:<a> REQUIRETLS REQUIRETLS\r\n")
            .subList(4, 6));
    String clear = talk.say("EHLO x\r\nMAIL FROM:<a> REQUIRETLS\r\n");
    assertTrue(clear.endsWith("\r\n555 5.5.4 REQUIRETLS is not offered here\r\n"), clear);
  }

  @Test
  void isNotOfferedWhereTheListenerSaysSo() throws Exception {
    talk.with("SMTPREQUIRETLS", "-");
    assertEquals("250 8BITMIME", inside("EHLO x\r\n").get(2));
  }

  @Test
  void isNotOfferedBeforeAProgramInPlaceOfTheQueue() throws Exception {
    talk.with("QMAILQUEUE", "other");
    assertEquals(
        List.of("250 8BITMIME", "555 5.5.4 REQUIRETLS is not offered here"),
        inside("EHLO x\r\nMAIL FROM:<a> REQUIRETLS\r\n").subList(2, 4));
  }
}
