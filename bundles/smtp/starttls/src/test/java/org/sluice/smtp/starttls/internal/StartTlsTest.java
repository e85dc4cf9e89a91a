package org.sluice.smtp.starttls.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sluice.base.TlsKeys;
import org.sluice.listeners.smtp.internal.SmtpTalk;
import org.sluice.testkit.SwitchedKeys;

class StartTlsTest {
  private static final String MAIL = "MAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\nhi\r\n.\r\n";

  private final SwitchedKeys keys = new SwitchedKeys();
  private final StartTls extension = new StartTls(new TlsKeys(Duration.ofMinutes(10)));
  private final SmtpTalk talk = new SmtpTalk(extension);

  StartTlsTest() {
    extension.bindServer(keys);
  }

  @Test
  void isOfferedWithKeysUntilTlsHasBegun() throws Exception {
    talk.insideTls("EHLO x\r\nSTARTTLS\r\n" + MAIL);
    assertEquals(
        List.of(
            "220 m ESMTP",
            "250-m",
            "250-PIPELINING",
            "250-8BITMIME",
            "250 STARTTLS",
            "220 2.0.0 ready to start TLS",
            "<TLS>",
            "250-m",
            "250-PIPELINING",
            "250 8BITMIME",
            "503 5.5.1 TLS has begun already",
            "250 ok"),
        SmtpTalk.lines(talk.say("EHLO x\r\nSTARTTLS\r\n")).subList(0, 12));
    assertTrue(talk.queue.queued.get(0).message().contains(" with ESMTPS; "));
  }

  @Test
  void withoutKeysItIsNotOffered() throws Exception {
    keys.ready = false;
    String said = talk.say("EHLO x\r\nSTARTTLS\r\nNOOP\r\n");
    assertTrue(
        said.endsWith("250 8BITMIME\r\n454 4.7.0 TLS is not available now\r\n250 ok\r\n"), said);
    var without = new StartTls(new TlsKeys(Duration.ZERO));
    without.bindServer(keys);
    without.unbindServer(keys);
    assertFalse(new SmtpTalk(without).say("EHLO x\r\n").contains("STARTTLS"));
    assertFalse(
        new SmtpTalk(extension).with("UCSPITLS", "-").say("EHLO x\r\n").contains("STARTTLS"));
  }

  @Test
  void keysThatAreBeingReplacedAreWaitedFor() throws Exception {
    extension.unbindServer(keys);
    var said = new FutureTask<>(() -> talk.say("EHLO x\r\n", 1 << 16));
    var client = new Thread(said);
    client.start();
    while (client.getState() != Thread.State.TIMED_WAITING && client.isAlive()) {
      Thread.onSpinWait();
    }
    extension.bindServer(keys);
    assertTrue(said.get(60, TimeUnit.SECONDS).endsWith("250 STARTTLS\r\n"), said.get());
  }

  @Test
  void whatWasSaidInTheClearIsForgotten() throws Exception {
    talk.insideTls("RCPT TO:<b>\r\nDATA\r\n" + MAIL);
    String said =
        talk.say("EHLO evil\r\nSTARTTLS\r\nMAIL FROM:<evil>\r\nRCPT TO:<evil>\r\n", 1 << 16);
    assertTrue(said.contains("<TLS>\r\n503 MAIL first (#5.5.1)\r\n503 MAIL first"), said);
    assertEquals("Fa\0Tb\0\0", talk.queue.queued.get(0).envelope());
    assertFalse(talk.queue.queued.get(0).message().contains("evil"));
  }

  @Test
  void refusals() throws Exception {
    assertEquals(
        List.of(
            "501 5.5.4 STARTTLS takes no argument", "250 ok", "503 5.5.1 not within a transaction"),
        SmtpTalk.lines(talk.say("STARTTLS x\r\nMAIL FROM:<a>\r\nSTARTTLS\r\n")).subList(1, 4));
    // A client that does not speak TLS after all.
    assertEquals(
        "220 m ESMTP\r\n220 2.0.0 ready to start TLS\r\n", talk.say("STARTTLS\r\nNOOP\r\n"));
  }

  @Test
  void canBeDemanded() throws Exception {
    talk.with("UCSPITLS", "!").insideTls(MAIL);
    String must = "530 5.7.0 must issue STARTTLS first";
    assertEquals(
        List.of(
            "250 m",
            "250 ok",
            must,
            must,
            must,
            must,
            "220 2.0.0 ready to start TLS",
            "<TLS>",
            "250 ok"),
        SmtpTalk.lines(
                talk.say("HELO x\r\nNOOP\r\nMAIL\r\nRSET\r\nVRFY\r\nAUTH PLAIN\r\nSTARTTLS\r\n"))
            .subList(1, 10));
  }
}
