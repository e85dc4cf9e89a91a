package org.sluice.delivery.lmtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.delivery.DeliveryResult.Delivered;
import org.sluice.api.delivery.DeliveryResult.PermFail;
import org.sluice.api.delivery.DeliveryResult.TempFail;
import org.sluice.api.mail.Header;
import org.sluice.api.mail.MessageSource;
import org.sluice.testkit.TestDelivery;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LmtpAgentTest {
  @TempDir Path home;
  private final LmtpAgent agent =
      new LmtpAgent(Duration.ofSeconds(20), Duration.ofSeconds(20), "here.example");
  private final LmtpAgent hasty =
      new LmtpAgent(Duration.ofMillis(200), Duration.ofMillis(300), "here.example");

  private DeliveryResult deliver(String instruction) throws Exception {
    return agent.deliver(new TestDelivery(home).of(instruction));
  }

  @Test
  void theConversation() throws Exception {
    try (var server = ScriptedServer.tcp()) {
      server.say(".", "250 2.0.0 <joe@example.org> Saved");
      var delivery =
          new TestDelivery(home)
              .message(TestDelivery.message("Subject: x\n\n.\n..two\nFrom here\ncr\rend"));
      String to = server.address();
      assertEquals(
          new Delivered(to + " said: 250 2.0.0 <joe@example.org> Saved\n"),
          agent.deliver(delivery.of(to)));
      assertEquals(
          "LHLO here.example\r\n"
              + "MAIL FROM:<sam@sender.example>\r\n"
              + "RCPT TO:<joe@example.org>\r\n"
              + "DATA\r\n"
              + "Delivered-To: joe@example.org\r\n"
              + "Subject: x\r\n\r\n..\r\n...two\r\nFrom here\r\ncr\r\nend\r\n.\r\n"
              + "QUIT\r\n",
          server.heardInTheEnd());
    }
  }

  /** SMTP takes such a message as it is, since only CRLF, dot, CRLF ends one there. */
  @Test
  void aCarriageReturnDoesNotLetTheMessageSayCommands() throws Exception {
    try (var server = ScriptedServer.tcp()) {
      var delivery =
          new TestDelivery(home)
              .message(TestDelivery.message("x\n\ra\r.\nRSET\r\r.\r\r\n.\r.b\r\n\r"));
      assertEquals(
          DeliveryResult.Delivered.class, agent.deliver(delivery.of(server.address())).getClass());
      String heard = server.heardInTheEnd();
      assertEquals(
          "x\r\n\r\na\r\n..\r\nRSET\r\n\r\n..\r\n\r\n..\r\n..b\r\n\r\n.\r\nQUIT\r\n",
          heard.substring(heard.indexOf("x\r\n\r\n")));
    }
  }

  @Test
  void capabilitiesAndAnotherUser() throws Exception {
    try (var server = ScriptedServer.tcp()) {
      server.say("LHLO", "250-server\r\n250-SIZE 1000\r\n250-8BITMIME\r\n250 SMTPUTF8");
      var delivery = new TestDelivery(home).sender("caf\u00c3\u00a9@x");
      assertTrue(agent.deliver(delivery.of(server.address() + " jane")) instanceof Delivered);
      assertTrue(
          server
              .heard()
              .contains(
                  "MAIL FROM:<\"caf\u00c3\u00a9\"@x> SIZE=23 BODY=8BITMIME SMTPUTF8\r\n"
                      + "RCPT TO:<jane>\r\n"),
          server.heard());
    }
  }

  @Test
  void unixSocketsByPathAndFromTheHome() throws Exception {
    try (var server = ScriptedServer.unix(home.resolve("s"))) {
      assertTrue(deliver("unix:s") instanceof Delivered);
      assertTrue(deliver(server.address() + "  joe ") instanceof Delivered);
    }
  }

  /** What the server says at each step, and what becomes of the mail. */
  @ParameterizedTest
  @CsvSource({
    "connect,421 later,Z421 later",
    "connect,554 no service,Z421 no service",
    "LHLO,550 not you,Z421 not you",
    "LHLO,502 what,Z502 what",
    "MAIL,451 4.3.0 later,Z451 4.3.0 later",
    "MAIL,552 5.3.4 too big,D552 5.3.4 too big",
    "MAIL,503 order,Z503 order",
    "RCPT,452 4.2.2 over quota,Z452 4.2.2 over quota",
    "RCPT,550 5.1.1 nobody,D550 5.1.1 nobody",
    "DATA,451 no,Z451 no",
    "DATA,554 no,D554 no",
    ".,452 4.2.2 full,Z452 4.2.2 full",
    ".,552 5.2.2 full,D552 5.2.2 full"
  })
  void repliesDecide(String command, String reply, String expected) throws Exception {
    try (var server = ScriptedServer.tcp()) {
      server.say(command, reply);
      String text = server.address() + " said: " + expected.substring(1) + "\n";
      assertEquals(
          expected.charAt(0) == 'D' ? new PermFail(text) : new TempFail(text),
          deliver(server.address()));
    }
  }

  @Test
  void repliesOfSeveralLines() throws Exception {
    try (var server = ScriptedServer.tcp()) {
      server.say("RCPT", "550-5.1.1 one\r\n550 5.1.1 two");
      assertEquals(
          new PermFail(server.address() + " said: 550 5.1.1 one / 5.1.1 two\n"),
          deliver(server.address()));
    }
  }

  private void trouble(ScriptedServer server, String why) throws Exception {
    assertEquals(
        new TempFail(
            "Trouble with the LMTP server " + server.address() + ": " + why + ". (#4.4.2)\n"),
        deliver(server.address()));
  }

  @Test
  void serversThatMisbehave() throws Exception {
    try (var server = ScriptedServer.tcp()) {
      server.say("connect", "SSH-2.0-x");
      trouble(server, "the server does not speak LMTP");
      server.say("connect", "220-" + "x".repeat(70_000));
      trouble(server, "the server's reply has no end");
      server.say("connect", "220-x\r\n".repeat(70_000) + "220 x");
      trouble(server, "the server's reply has no end");
      server.say("connect", "");
      trouble(server, "the server closed the connection");
      server.say("connect", "220 x").say(".", "");
      trouble(server, "the server closed the connection");
      server.say("DATA", "250 done");
      trouble(server, "the server does not want the message it has accepted");
    }
  }

  /** A server that is connected to and says nothing, or one octet now and then. */
  @Test
  void silence() throws Exception {
    try (var server = ScriptedServer.tcp()) {
      server.say("connect", "220-");
      var result = hasty.deliver(new TestDelivery(home).of(server.address()));
      assertTrue(result.toString().contains("nothing within PT0.3S"), result.toString());
    }
  }

  @Test
  void nobodyThere() throws Exception {
    assertTrue(deliver("unix:" + home + "/none") instanceof TempFail);
    assertTrue(deliver("unix:" + "x".repeat(200)) instanceof TempFail);
    assertTrue(deliver("127.0.0.1:1") instanceof TempFail);
    assertTrue(deliver("no-such-host.invalid:24") instanceof TempFail);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "unix:", "host", "host:", ":24", "host:70000", "host:x", "a:1 b c"})
  void argumentsThatAreNone(String argument) throws Exception {
    assertEquals(
        new TempFail(
            "Uh-oh: !lmtp needs unix:PATH or HOST:PORT, and a user if it is another. (#4.3.0)\n"),
        deliver(argument));
  }

  /** They would be commands of their own. */
  @Test
  void addressesWithLineBreaks() throws Exception {
    try (var server = ScriptedServer.tcp()) {
      var delivery = new TestDelivery(home).sender("a@b>\nDATA");
      assertEquals(
          new PermFail("LMTP has no addresses with line breaks. (#5.1.3)\n"),
          agent.deliver(delivery.of(server.address())));
      assertEquals("", server.heard());
    }
  }

  @Test
  void anUnreadableMessageIsNotCutShort() throws Exception {
    try (var server = ScriptedServer.tcp()) {
      var delivery =
          new TestDelivery(home)
              .message(
                  new MessageSource() {
                    @Override
                    public long size() {
                      return 100;
                    }

                    @Override
                    public Header header() {
                      throw new UnsupportedOperationException();
                    }

                    @Override
                    public InputStream open() throws IOException {
                      throw new IOException("Input/output error");
                    }
                  });
      assertEquals(
          new TempFail("Unable to read message: input/output error. (#4.3.0)\n"),
          agent.deliver(delivery.of(server.address())));
      assertFalse(server.heardInTheEnd().contains("\r\n.\r\n"));
    }
  }

  @Test
  void anInterruptEndsTheConversation() throws Exception {
    try (var server = ScriptedServer.tcp()) {
      server.say("LHLO", "250-and then nothing");
      var result = new CompletableFuture<DeliveryResult>();
      var delivery = new TestDelivery(home).of(server.address());
      var thread =
          new Thread(
              () -> {
                try {
                  result.complete(agent.deliver(delivery));
                } catch (InterruptedException e) {
                  result.completeExceptionally(e);
                }
              });
      thread.start();
      while (server.heard().isEmpty()) {
        Thread.sleep(10);
      }
      thread.interrupt();
      var ended = assertThrows(ExecutionException.class, () -> result.get(1, TimeUnit.MINUTES));
      assertTrue(ended.getCause() instanceof InterruptedException, ended.toString());
    }
  }
}
