package org.sluice.smtp.xclient.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.listeners.smtp.internal.SmtpTalk;

class XclientTest {
  private static final String MAIL = "MAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\nhi\r\n.\r\n";

  private final SmtpTalk talk =
      new SmtpTalk(new Xclient("10.0.0.0/8")).with("TCPREMOTEIP", "10.1.2.3");

  private List<String> replies(String text) throws Exception {
    List<String> lines = SmtpTalk.lines(talk.say(text));
    return lines.subList(1, lines.size());
  }

  @Test
  void theSessionBeginsAgainWithTheOtherClient() throws Exception {
    talk.with("TCPREMOTEHOST", "proxy").with("TCPLOCALHOST", "mx");
    assertEquals(
        List.of(
            "250-XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT",
            "250 XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE",
            "220 m ESMTP"),
        replies(
                "EHLO p\r\nXCLIENT NAME=spike.example ADDR=192.0.2.7 PORT=25 PROTO=ESMTP HELO=spike\r\n"
                    + MAIL)
            .subList(3, 6));
    String received = talk.queue.queued.get(0).message();
    assertTrue(
        received.startsWith(
            "Received: from spike.example (HELO spike) (192.0.2.7)\n  by mx with SMTP; "),
        received);
  }

  @Test
  void unknownValuesAndIpv6() throws Exception {
    talk.with("TCPREMOTEHOST", "proxy");
    talk.say("XCLIENT NAME=[UNAVAILABLE] ADDR=IPV6:2001:DB8::7\r\n" + MAIL);
    String received = talk.queue.queued.get(0).message();
    assertTrue(received.startsWith("Received: from unknown (2001:db8::7)\n"), received);
    talk.say("XCLIENT NAME=[tempunavail] ADDR=[unavailable] HELO=[UNAVAILABLE]\r\n" + MAIL);
    received = talk.queue.queued.get(0).message();
    assertTrue(received.startsWith("Received: from unknown (unknown)\n"), received);
  }

  /** Rules are matched octet by octet, and who owns the name chooses the case that the DNS has. */
  @Test
  void aNameIsInLowerCase() throws Exception {
    talk.say("XCLIENT NAME=Spam.EXAMPLE ADDR=192.0.2.7 HELO=Spam\r\n" + MAIL);
    String received = talk.queue.queued.get(0).message();
    assertTrue(
        received.startsWith("Received: from spam.example (HELO Spam) (192.0.2.7)\n"), received);
  }

  @Test
  void aLoginMayRelay() throws Exception {
    talk.control("rcpthosts", "here\n");
    String rcpt = "MAIL FROM:<a>\r\nRCPT TO:<b@c>\r\n";
    assertTrue(talk.say("XCLIENT ADDR=192.0.2.7\r\n" + rcpt).contains("\n553 "));
    assertTrue(
        talk.say("XCLIENT ADDR=192.0.2.7 LOGIN=joe+40c\r\n" + rcpt)
            .endsWith("250 ok\r\n250 ok\r\n"));
    // What the rules allow the proxy they do not allow its clients.
    talk.with("RELAYCLIENT", "");
    assertTrue(talk.say("XCLIENT ADDR=192.0.2.7\r\n" + rcpt).contains("\n553 "));
  }

  @Test
  void mayBeSaidAgain() throws Exception {
    talk.say("XCLIENT ADDR=192.0.2.7\r\nXCLIENT NAME=h\r\n" + MAIL);
    assertTrue(talk.queue.queued.get(0).message().startsWith("Received: from h (192.0.2.7)\n"));
  }

  @Test
  void onlyByWhoIsTrusted() throws Exception {
    talk.with("TCPREMOTEIP", "192.0.2.1");
    assertFalse(talk.say("EHLO x\r\n").matches("(?s).*X(CLIENT|FORWARD).*"));
    assertEquals(
        List.of(
            "550 5.7.0 insufficient authorization",
            "550 5.7.0 insufficient authorization",
            "250 ok"),
        replies("XCLIENT ADDR=10.1.2.3\r\nXFORWARD ADDR=10.1.2.3\r\nNOOP\r\n"));
    var nobody = new SmtpTalk(new Xclient("")).with("TCPREMOTEIP", "10.1.2.3");
    assertTrue(
        nobody
            .say("XCLIENT ADDR=192.0.2.7\r\n")
            .endsWith("550 5.7.0 insufficient authorization\r\n"));
    var nameless = new SmtpTalk(new Xclient("0.0.0.0/0"));
    assertTrue(
        nameless
            .say("XCLIENT ADDR=192.0.2.7\r\n")
            .endsWith("550 5.7.0 insufficient authorization\r\n"));
  }

  @Test
  void aClientThatIsNotLetInIsClosed() throws Exception {
    assertEquals(
        "220 m ESMTP\r\n<too many>\r\n",
        talk.denyOthers().say("XCLIENT ADDR=192.0.2.7\r\nNOOP\r\n"));
  }

  @Test
  void notWithinATransaction() throws Exception {
    assertEquals(
        List.of("250 ok", "503 5.5.1 not within a transaction", "250 ok"),
        replies("MAIL FROM:<a>\r\nXCLIENT ADDR=192.0.2.7\r\nRCPT TO:<b>\r\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ADDR",
        "ADDR=host",
        "ADDR=192.0.2",
        "ADDR=2001:db8::1",
        "ADDR=IPV6:192.0.2.1",
        "PORT=x",
        "PORT=65536",
        "PROTO=LMTP",
        "NAME=a+0Ab",
        "NAME=a+00b",
        "NAME=a+4",
        "SOURCE=LOCAL",
        "IDENT=x",
        "ADDR=192.0.2.7 FOO=x",
        "=x"
      })
  void syntax(String argument) throws Exception {
    assertEquals(
        List.of("501 5.5.4 XCLIENT has " + Client.ATTRIBUTES, "250 ok"),
        replies("XCLIENT " + argument + "\r\nNOOP\r\n"));
  }

  @Test
  void xforwardIsForTheLogAlone() throws Exception {
    talk.with("TCPREMOTEHOST", "proxy").control("rcpthosts", "here\n");
    assertEquals(
        List.of("250 2.0.0 ok", "250 2.0.0 ok", "250 ok", "250 ok", "354 go ahead"),
        replies(
                "XFORWARD NAME=spike.example ADDR=192.0.2.7 PORT=25 PROTO=ESMTP\r\n"
                    + "xforward helo=spike ident=A+2BB source=REMOTE\r\n"
                    + MAIL)
            .subList(0, 5));
    String received = talk.queue.queued.get(0).message();
    assertTrue(received.startsWith("Received: from proxy (10.1.2.3)\n"), received);
    assertEquals(
        List.of("250 ok", "503 5.5.1 not within a transaction", "250 ok"),
        replies("MAIL FROM:<a>\r\nXFORWARD ADDR=192.0.2.7\r\nRCPT TO:<b@here>\r\n"));
  }

  @Test
  void whatIsLogged() {
    assertEquals(
        Optional.of("NAME=a?b ADDR=2001:db8::7 PORT= PROTO=BSMTP IDENT=x?y SOURCE=local"),
        Forward.parse(
            "name=a+20b ADDR=IPV6:2001:DB8::7 PORT=[UNAVAILABLE] PROTO=BSMTP IDENT=x+9By SOURCE=local"));
    assertEquals(Optional.empty(), Forward.parse("NAME=" + "a".repeat(256)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ADDR",
        "ADDR=host",
        "PORT=65536",
        "SOURCE=x",
        "LOGIN=joe",
        "DESTADDR=192.0.2.7",
        "NAME=a+0Ab",
        "ADDR=192.0.2.7 FOO=x"
      })
  void xforwardSyntax(String argument) throws Exception {
    assertEquals(
        List.of("501 5.5.4 XFORWARD has " + Forward.ATTRIBUTES, "250 ok"),
        replies("XFORWARD " + argument + "\r\nNOOP\r\n"));
  }
}
