package org.sluice.listeners.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.api.smtp.SmtpParameter;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.RecordingQueue;

/** What an extension can do, and what it cannot. */
class ExtensionsTest {
  private static final String MAIL = "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nhi\r\n.\r\n";

  /** An extension whose verb X does what the test says. */
  private static SmtpTalk answering(SmtpAnswer answer) {
    return new SmtpTalk(
        dialogue ->
            Optional.of(
                new SmtpHooks() {
                  @Override
                  public SmtpAnswer command(SmtpCommand command) {
                    return command.verb().equals("x") ? answer : SmtpAnswer.pass();
                  }
                }));
  }

  @Test
  void keywordsComeAfterTheListenersOwn() throws Exception {
    var talk =
        new SmtpTalk(
            dialogue ->
                Optional.of(
                    new SmtpHooks() {
                      @Override
                      public List<String> keywords() {
                        return List.of("A", "B 1");
                      }
                    }),
            dialogue -> Optional.empty());
    assertEquals(
        "220 m ESMTP\r\n250-m\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-A\r\n250 B 1\r\n",
        talk.say("EHLO x\r\n"));
  }

  @Test
  void aVerbOfItsOwn() throws Exception {
    assertEquals(
        "220 m ESMTP\r\n200 2.0.0 yes\r\n502 unimplemented (#5.5.1)\r\n",
        answering(SmtpAnswer.say(200, "2.0.0", "yes")).say("x foo\r\ny\r\n"));
    var end = new SmtpAnswer.End(Reply.of(421, "4.7.0", "enough"));
    assertEquals("220 m ESMTP\r\n421 4.7.0 enough\r\n", answering(end).say("X\r\nNOOP\r\n"));
  }

  @Test
  void asksTheClient() throws Exception {
    var talk =
        new SmtpTalk(
            dialogue ->
                Optional.of(
                    new SmtpHooks() {
                      @Override
                      public SmtpAnswer command(SmtpCommand command) throws IOException {
                        if (!command.verb().equals("auth")) {
                          return SmtpAnswer.pass();
                        }
                        String said = dialogue.ask(Reply.of(334, ""));
                        dialogue.authenticated("joe");
                        return SmtpAnswer.say(235, "2.7.0", said);
                      }
                    }));
    talk.control("rcpthosts", "here\n");
    String said = talk.say("AUTH PLAIN\r\nxyz\r\n" + MAIL);
    assertTrue(said.startsWith("220 m ESMTP\r\n334 \r\n235 2.7.0 xyz\r\n250 ok\r\n250 ok\r\n354 "));
    assertTrue(talk.queue.queued.get(0).message().contains(" with ESMTPA; "), said);
    // A client that goes away in the middle ends the session; that is no failure of the extension.
    assertEquals("220 m ESMTP\r\n334 \r\n", talk.say("AUTH PLAIN\r\nxy"));
    assertEquals("220 m ESMTP\r\n334 \r\n451 timeout (#4.4.2)\r\n", talk.waits().say("AUTH\r\nx"));
  }

  @Test
  void whoIsAskedIsToldToGoAsWell() throws Exception {
    var idle = new ArrayList<Boolean>();
    SmtpExtension asks =
        dialogue ->
            Optional.of(
                new SmtpHooks() {
                  @Override
                  public SmtpAnswer command(SmtpCommand command) throws IOException {
                    return SmtpAnswer.say(235, "2.7.0", dialogue.ask(Reply.of(334, "")));
                  }
                });
    var door =
        new Dialogue("AUTH\r\n", Map.of(), 1 << 16, false) {
          @Override
          public void idle(boolean now) {
            idle.add(now);
          }
        };
    door.draining = true;
    var control = new FakeControl(Path.of("/"), Map.of("me", "m\n"));
    door.run(control, new RecordingQueue(), new OpenChain(), asks);
    assertEquals("220 m ESMTP\r\n334 \r\n421 m closing, try again (#4.3.2)\r\n", door.said());
    assertEquals(List.of(true, false, true, false), idle);
  }

  @Test
  void parametersAndRefusals() throws Exception {
    List<String> seen = new ArrayList<>();
    var talk =
        new SmtpTalk(
            dialogue ->
                Optional.of(
                    new SmtpHooks() {
                      @Override
                      public Optional<Reply> mail(List<SmtpParameter> parameters) {
                        var sender = dialogue.transaction().orElseThrow().sender().address();
                        seen.add(sender + parameters);
                        return refuse(sender);
                      }

                      @Override
                      public Optional<Reply> recipient(
                          Recipient recipient, List<SmtpParameter> parameters) {
                        seen.add(recipient.address() + parameters);
                        return refuse(recipient.address());
                      }

                      @Override
                      public void reset() {
                        seen.add("reset" + dialogue.transaction());
                      }

                      private Optional<Reply> refuse(String address) {
                        return Optional.of(Reply.of(501, "5.5.4", "no"))
                            .filter(r -> address.startsWith("bad"));
                      }
                    }));
    assertEquals(
        List.of(
            "220 m ESMTP",
            "250-m",
            "250-PIPELINING",
            "250 8BITMIME",
            "501 5.5.4 no",
            "503 MAIL first (#5.5.1)",
            "250 ok",
            "501 5.5.4 no",
            "503 RCPT first (#5.5.1)",
            "250 ok"),
        SmtpTalk.lines(
            talk.say(
                "EHLO x\r\nMAIL FROM:<bad> a=B=c  x\r\nRCPT TO:<x>\r\nMAIL FROM: y\r\nRCPT"
                    + " TO:<bad>z=\r\nDATA\r\nRCPT TO: b  foo\r\n",
                1 << 16)));
    assertEquals(
        List.of(
            "bad" + List.of(parameter("A", "B=c"), new SmtpParameter("X", Optional.empty())),
            "resetOptional.empty",
            "y[]",
            "bad" + List.of(parameter("Z", "")),
            "b" + List.of(new SmtpParameter("FOO", Optional.empty())),
            "resetOptional.empty"),
        seen);
  }

  private static SmtpParameter parameter(String keyword, String value) {
    return new SmtpParameter(keyword, Optional.of(value));
  }

  @Test
  void aBrokenOneIsTemporaryTroubleAndNoMore() throws Exception {
    SmtpHooks broken =
        new SmtpHooks() {
          @Override
          public List<String> keywords() {
            throw new IllegalStateException("broken");
          }

          @Override
          public SmtpAnswer command(SmtpCommand command) throws IOException {
            return switch (command.verb()) {
              case "x" -> throw new IOException("broken");
              case "y" -> throw new NoClassDefFoundError("gone");
              case "z" -> null;
              default -> SmtpAnswer.pass();
            };
          }

          @Override
          public Optional<Reply> recipient(Recipient recipient, List<SmtpParameter> parameters) {
            throw new IllegalStateException("broken");
          }

          @Override
          public Reply edit(String verb, Reply reply) {
            if (verb.equals("noop")) {
              return Reply.of(550, "another class");
            }
            throw new IllegalStateException("broken");
          }

          @Override
          public void reset() {
            throw new IllegalStateException("broken");
          }
        };
    String failed = "451 4.3.0 an extension of this server failed, try again";
    assertEquals(
        List.of(
            "220 m ESMTP",
            "250-m",
            "250-PIPELINING",
            "250 8BITMIME",
            failed,
            failed,
            failed,
            "250 ok",
            "250 ok",
            failed,
            "250 flushed",
            "221 m"),
        SmtpTalk.lines(
            new SmtpTalk(
                    dialogue -> Optional.of(broken),
                    dialogue -> {
                      throw new IllegalStateException("cannot join");
                    })
                .say("EHLO x\r\nX\r\nY\r\nZ\r\nNOOP\r\nMAIL\r\nRCPT\r\nRSET\r\nQUIT\r\n")));
  }

  @Test
  void theReceivedLineTellsEhloOnlyIfItIsTo() throws Exception {
    for (String hello : List.of("EHLO x\r\n", "HELO x\r\n", "EHLO x\r\nHELO x\r\n", "")) {
      assertTrue(received(new SmtpTalk(), hello).contains(" with SMTP; "), hello);
      String word = hello.equals("EHLO x\r\n") ? " with ESMTP; " : " with SMTP; ";
      assertTrue(received(new SmtpTalk().with("ESMTPTRACE", ""), hello).contains(word), hello);
    }
  }

  private static String received(SmtpTalk talk, String hello) throws Exception {
    talk.say(hello + MAIL);
    return talk.queue.queued.get(0).message();
  }

  @Test
  void refusesBeforeTheGreeting() throws Exception {
    var talk =
        new SmtpTalk(
            dialogue ->
                Optional.of(
                    new SmtpHooks() {
                      @Override
                      public Optional<Reply> connected() throws IOException {
                        boolean early = dialogue.speaks(java.time.Duration.ofSeconds(1));
                        return Optional.of(Reply.of(554, "5.5.1", "early")).filter(r -> early);
                      }
                    }));
    assertEquals("554 5.5.1 early\r\n", talk.say("EHLO x\r\n"));
    assertEquals("220 m ESMTP\r\n", talk.say(""));
    assertEquals("220 m ESMTP\r\n451 timeout (#4.4.2)\r\n", talk.waits().say(""));
  }

  @Test
  void tlsForgetsWhatWasSaidBeforeAndInjected() throws Exception {
    var talk = answering(new SmtpAnswer.StartTls(Reply.of(220, "2.0.0", "go"), s -> null));
    // MAIL and RCPT stand in the clear behind the command: they must never be executed.
    String clear = "EHLO x\r\nMAIL FROM:<e@e>\r\nX\r\nMAIL FROM:<evil@e>\r\nRCPT TO:<c@d>\r\n";
    talk.insideTls("RCPT TO:<c@d>\r\nX\r\n" + MAIL);
    assertEquals(
        List.of(
            "250 ok", "220 2.0.0 go", "<TLS>", "503 MAIL first (#5.5.1)", "454 4.7.0 no TLS here"),
        SmtpTalk.lines(talk.say(clear, 1 << 16)).subList(4, 9));
    var queued = talk.queue.queued.get(0);
    assertEquals("Fa@b\0Tc@d\0\0", queued.envelope());
    assertTrue(queued.message().startsWith("Received: from unknown (unknown)\n"), queued.message());
    assertTrue(queued.message().contains(" with ESMTPS; "), queued.message());
    String failed =
        answering(new SmtpAnswer.StartTls(Reply.of(220, "2.0.0", "go"), s -> null))
            .say("X\r\nNOOP\r\n");
    assertEquals("220 m ESMTP\r\n220 2.0.0 go\r\n", failed);
  }

  @Test
  void anotherClientBeginsAgain() throws Exception {
    var client = Map.of("TCPREMOTEIP", "192.0.2.7", "TCPREMOTEHOST", "h", "TCPREMOTEINFO", "");
    var answer = new SmtpAnswer.Restart(client, Optional.of("hey"), Optional.empty());
    var talk = answering(answer).with("RELAYCLIENT", "").with("TCPREMOTEINFO", "i");
    talk.control("rcpthosts", "here\n").control("databytes", "2\n").with("DATABYTES", "100");
    String said =
        talk.say(
            "EHLO x\r\nMAIL\r\nX\r\nRCPT TO:<c@d>\r\nMAIL FROM:<a>\r\nRCPT TO:<c@d>\r\nRCPT"
                + " TO:<c@here>\r\nDATA\r\nhello\r\n.\r\n");
    assertEquals(
        List.of(
            "250 ok",
            "220 m ESMTP",
            "503 MAIL first (#5.5.1)",
            "250 ok",
            "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
            "250 ok",
            "354 go ahead"),
        SmtpTalk.lines(said).subList(4, 11));
    String received = talk.queue.queued.get(0).message();
    assertTrue(received.startsWith("Received: from h (HELO hey) (192.0.2.7)\n"), received);
    assertEquals(
        "220 m ESMTP\r\n250 ok\r\n<too many>\r\n",
        answering(answer).denyOthers().say("NOOP\r\nX\r\nNOOP\r\n"));
  }
}
