package org.sluice.transports.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.api.delivery.Attempt;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.mail.DeliverBy;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.Notify;
import org.sluice.api.mail.QueueId;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.ReturnContent;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.BytesMessage;
import org.sluice.testkit.FakeControl;

/** Mail for which DSN or SMTPUTF8 was asked, before servers that can more or less. */
class AskedMailTest {
  private static final String ACCEPTED = "127.0.0.1 accepted message.\nRemote host said: 250 ok\n";
  private static final MessageOptions DSN =
      MessageOptions.NONE.withDsn(Optional.of(ReturnContent.HDRS), Optional.of("QQ+2B1"));
  private static final MessageOptions UTF8 = MessageOptions.NONE.withSmtpUtf8(true);
  private static final RecipientOptions TELL =
      new RecipientOptions(Set.of(Notify.FAILURE, Notify.SUCCESS), Optional.of("rfc822;o+2B@x"));
  private static final String PLAIN = "Subject: x\n\n\u00c3\u00bc\n";

  @TempDir Path home;
  private SinkServer sink;
  private SmtpClient client;

  @BeforeEach
  void start() throws Exception {
    sink = new SinkServer(-1);
    String route = ":127.0.0.1:" + sink.port();
    var files =
        Map.of(
            "me",
            "me.x",
            "smtproutes",
            "r.x" + route + "\nxn--tda.x" + route,
            "timeoutremote",
            "9");
    client = new SmtpClient(new FakeControl(home, files), new FakeDns(), FakeDns::own, true);
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    sink.close();
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private DeliveryResult send(
      String from, String to, String message, MessageOptions options, RecipientOptions recipient)
      throws Exception {
    byte[] octets = message.getBytes(StandardCharsets.ISO_8859_1);
    return new SmtpTransport(client, Optional.empty())
        .deliver(
            new Attempt(
                new QueueId(1),
                new ReversePath(from),
                to,
                new BytesMessage(octets, 0, octets.length),
                null,
                options,
                recipient));
  }

  private DeliveryResult utf8(String from, String to, String message) throws Exception {
    return send(bytes(from), bytes(to), bytes(message), UTF8, RecipientOptions.NONE);
  }

  @Test
  void aServerWithDsnIsGivenItAll() throws Exception {
    sink.hello = "250-sink\r\n250-SIZE 1000\r\n250 dsn";
    assertEquals(
        new DeliveryResult.Delivered(ACCEPTED, true), send("s@s.x", "r@r.x", PLAIN, DSN, TELL));
    assertEquals(
        List.of(
            "EHLO me.x",
            "MAIL FROM:<s@s.x> RET=HDRS ENVID=QQ+2B1",
            "RCPT TO:<r@r.x> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;o+2B@x",
            "DATA"),
        sink.commands);
  }

  @Test
  void aServerWithoutIsGivenNothing() throws Exception {
    sink.hello = "250-DSN is the name of this host\r\n250 XDSN";
    assertEquals(new DeliveryResult.Delivered(ACCEPTED), send("s@s.x", "r@r.x", PLAIN, DSN, TELL));
    assertEquals(
        List.of("EHLO me.x", "MAIL FROM:<s@s.x>", "RCPT TO:<r@r.x>", "DATA"), sink.commands);
  }

  @Test
  void whoRefusesEhloIsSaidHelo() throws Exception {
    sink.hello = "502 what?";
    assertEquals(new DeliveryResult.Delivered(ACCEPTED), send("s@s.x", "r@r.x", PLAIN, DSN, TELL));
    assertEquals(List.of("EHLO me.x", "HELO me.x"), sink.commands.subList(0, 2));
  }

  @Test
  void connectionsAreKeptForTheirKind() throws Exception {
    sink.hello = "250-sink\r\n250 DSN";
    for (int i = 0; i < 3; i++) {
      assertEquals(
          new DeliveryResult.Delivered(ACCEPTED),
          send("p@s.x", "r@r.x", PLAIN, MessageOptions.NONE, RecipientOptions.NONE));
      assertEquals(
          new DeliveryResult.Delivered(ACCEPTED, true),
          send("d@s.x", "r@r.x", PLAIN, MessageOptions.NONE, TELL));
    }
    assertEquals(2, sink.connections.get());
    assertEquals(
        List.of("HELO me.x", "EHLO me.x"),
        sink.commands.stream().filter(c -> c.contains("LO ")).toList());
    assertTrue(sink.commands.contains("RCPT TO:<r@r.x>"));
    assertEquals(
        3, sink.commands.stream().filter(c -> c.startsWith("RCPT TO:<r@r.x> NOTIFY=")).count());
  }

  @Test
  void utf8GoesWhereItIsTaken() throws Exception {
    sink.hello = "250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8";
    assertInstanceOf(
        DeliveryResult.Delivered.class,
        utf8("\u00e4@s.x", "\u00f6@\u00fc.x", "Subject: \u00e4\n\n"));
    assertEquals(
        List.of(
            "EHLO me.x",
            bytes("MAIL FROM:<\"\u00e4\"@s.x> SMTPUTF8 BODY=8BITMIME"),
            bytes("RCPT TO:<\"\u00f6\"@\u00fc.x>"),
            "DATA"),
        sink.commands);
  }

  @ParameterizedTest
  @CsvSource({
    "250-8bitmime 250 DSN, ' BODY=8BITMIME RET=HDRS ENVID=QQ+2B1', ' RET=HDRS ENVID=QQ+2B1'",
    "250 8BITMIME, ' BODY=8BITMIME', ''",
    "250-X8BITMIME 250 DSN, ' RET=HDRS ENVID=QQ+2B1', ' RET=HDRS ENVID=QQ+2B1'",
  })
  void eightBitGoesOnWithWhatWasAsked(String offer, String eightBit, String other)
      throws Exception {
    sink.hello = "250-sink\r\n" + offer.replace(" 250", "\r\n250");
    // Twice on a connection that is kept.
    for (boolean announced : new boolean[] {true, false, true}) {
      var options = DSN.withEightBit(announced);
      send("s@s.x", "r@r.x", PLAIN, options, RecipientOptions.NONE);
    }
    send("s@s.x", "r@r.x", PLAIN, MessageOptions.NONE.withEightBit(true), TELL);
    var recipient = eightBit.contains("BODY") ? " BODY=8BITMIME" : "";
    assertEquals(
        List.of(eightBit, other, eightBit, recipient),
        sink.commands.stream()
            .filter(c -> c.startsWith("MAIL"))
            .map(c -> c.substring("MAIL FROM:<s@s.x>".length()))
            .toList());
  }

  @Test
  void eightBitAloneIsSentAsQmailDoes() throws Exception {
    sink.hello = "250-sink\r\n250-8BITMIME\r\n250 DSN";
    var eightBit = MessageOptions.NONE.withEightBit(true);
    assertEquals(
        new DeliveryResult.Delivered(ACCEPTED),
        send("s@s.x", "r@r.x", PLAIN, eightBit, RecipientOptions.NONE));
    assertEquals(
        List.of("HELO me.x", "MAIL FROM:<s@s.x>", "RCPT TO:<r@r.x>", "DATA"), sink.commands);
  }

  private DeliveryResult by(DeliverBy.Mode mode) throws Exception {
    var by = new DeliverBy(Instant.now().plusSeconds(500_000), mode, true);
    var options = MessageOptions.NONE.withDeliverBy(Optional.of(by));
    return send("s@s.x", "r@r.x", PLAIN, options, RecipientOptions.NONE);
  }

  @Test
  void deadlinesGoToAServerThatTakesThem() throws Exception {
    sink.hello = "250-sink\r\n250-DSN\r\n250 deliverby 3600";
    var taken = new DeliveryResult.Delivered(ACCEPTED, true, true);
    assertEquals(taken, by(DeliverBy.Mode.RETURN));
    assertEquals(taken, by(DeliverBy.Mode.NOTIFY));
    List<String> mail = sink.commands.stream().filter(c -> c.startsWith("MAIL")).toList();
    assertTrue(mail.get(0).matches("MAIL FROM:<s@s\\.x> BY=4[0-9]{5};RT"), mail.get(0));
    assertTrue(mail.get(1).matches("MAIL FROM:<s@s\\.x> BY=4[0-9]{5};NT"), mail.get(1));
    assertTrue(sink.commands.contains("RCPT TO:<r@r.x>"));
    assertEquals(1, sink.connections.get());
  }

  @Test
  void deadlinesBeforeServersThatDoNot() throws Exception {
    sink.hello = "250-sink\r\n250 DSN";
    assertEquals(new DeliveryResult.Delivered(ACCEPTED, true), by(DeliverBy.Mode.NOTIFY));
    assertTrue(sink.commands.contains("MAIL FROM:<s@s.x>"));
    assertTrue(sink.commands.contains("RCPT TO:<r@r.x> NOTIFY=FAILURE,DELAY"));
    assertEquals(
        new DeliveryResult.PermFail(
            "Connected to 127.0.0.1 but it does not take a time to deliver by (no DELIVERBY)."
                + " (#5.3.3)\n"),
        by(DeliverBy.Mode.RETURN));
    sink.hello = "250-sink\r\n250 DELIVERBY 999999999,X";
    assertEquals(
        new DeliveryResult.PermFail(
            "Connected to 127.0.0.1 but there is too little time left to deliver it by."
                + " (#5.4.7)\n"),
        by(DeliverBy.Mode.RETURN));
    assertEquals(1, sink.messages.get());
  }

  @Test
  void whatIsAsciiGoesAnywhereAndSoDoDomains() throws Exception {
    assertInstanceOf(DeliveryResult.Delivered.class, utf8("s@s.x", "r@r.x", "A: b\n\n\u00fc\n"));
    assertInstanceOf(DeliveryResult.Delivered.class, utf8("s@\u00e4.x", "r@\u00dc.x", "A: b\n\n"));
    assertEquals(
        List.of("MAIL FROM:<s@xn--4ca.x>", "RCPT TO:<r@xn--tda.x>", "DATA"),
        sink.commands.subList(4, 7));
  }

  @Test
  void whatCannotBeTakenFailsForGood() throws Exception {
    String start = "Connected to 127.0.0.1 but it does not take such ";
    var addresses = new DeliveryResult.PermFail(start + "addresses (no SMTPUTF8). (#5.6.7)\n");
    assertEquals(addresses, utf8("\u00fc@s.x", "r@r.x", "A: b\n\n"));
    assertEquals(addresses, utf8("s@s.x", "\u00fc@r.x", "A: b\n\n"));
    assertEquals(
        new DeliveryResult.PermFail(start + "header fields (no SMTPUTF8). (#5.6.9)\n"),
        utf8("s@s.x", "r@r.x", "A: b\nC: \u00fc\n\n"));
    // Also on a connection that is kept.
    assertInstanceOf(DeliveryResult.Delivered.class, utf8("s@s.x", "r@r.x", "A: b\n\n"));
    assertEquals(addresses, utf8("s@s.x", "\u00fc@r.x", "A: b\n\n"));
    assertEquals(1, sink.messages.get());
    assertEquals(4, sink.connections.get());
  }

  @Test
  void qmailsMailWithOctetsIsSentAsQmailDoes() throws Exception {
    assertInstanceOf(
        DeliveryResult.Delivered.class,
        send(
            "\u00fc@s.x",
            "\u00fc@r.x",
            "A: \u00fc\n\n",
            MessageOptions.NONE,
            RecipientOptions.NONE));
    assertEquals(
        List.of("HELO me.x", "MAIL FROM:<\"\u00fc\"@s.x>", "RCPT TO:<\"\u00fc\"@r.x>", "DATA"),
        sink.commands);
  }
}
