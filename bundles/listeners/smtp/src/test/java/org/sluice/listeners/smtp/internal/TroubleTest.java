package org.sluice.listeners.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sluice.api.mail.Reply;
import org.sluice.api.smtp.SmtpAnswer;
import org.sluice.api.smtp.SmtpCommand;
import org.sluice.api.smtp.SmtpExtension;
import org.sluice.api.smtp.SmtpHooks;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.RecordingQueue;

/** Trouble of the machine, of which the client is told (spec 20 section 7.10). */
class TroubleTest {
  private static final FakeControl CONTROL = new FakeControl(Path.of("/"), Map.of("me", "m\n"));
  private final RecordingQueue queue = new RecordingQueue();
  private final OpenChain chain = new OpenChain();

  private String run(Dialogue dialogue, SmtpExtension... extensions) throws Exception {
    assertEquals(1, dialogue.run(CONTROL, queue, chain, extensions));
    assertEquals(1, dialogue.status);
    assertEquals(0, chain.open);
    assertEquals(0, queue.queued.size());
    return dialogue.said();
  }

  private static Dialogue says(String text) {
    return new Dialogue(text, Map.of(), 1 << 16, false);
  }

  @Test
  void ownAddressesThatCannotBeHad() throws Exception {
    for (String command : new String[] {"MAIL FROM", "RCPT TO"}) {
      var dialogue = says("MAIL FROM:<a>\r\n" + command + ":<a@[192.0.2.1]>\r\nNOOP\r\n");
      dialogue.addresses =
          () -> {
            throw new SocketException("no interfaces");
          };
      assertEquals(
          "220 m ESMTP\r\n250 ok\r\n421 unable to figure out my IP addresses (#4.3.0)\r\n",
          run(dialogue));
    }
  }

  private String with(Map<String, ?> files, String text) throws Exception {
    var dialogue = says(text);
    dialogue.run(new FakeControl(Path.of("/"), files), queue, chain);
    return dialogue.said();
  }

  @Test
  void moreRcptHostsAreOpenedBeforeTheGreeting() throws Exception {
    String text = "MAIL FROM:<>\r\nRCPT TO:<u@a>\r\nQUIT\r\n";
    Map<String, Object> files = new HashMap<>(Map.of("me", "m", "morercpthosts.cdb", 1));
    assertEquals("220 m ESMTP\r\n250 ok\r\n250 ok\r\n221 m\r\n", with(files, text), "no rcpthosts");
    files.put("rcpthosts", "a");
    assertEquals("421 unable to read controls (#4.3.0)\r\n", with(files, text));
  }

  /** For the line of the log that says how it ended (spec 20 section 5.5). */
  @Test
  void theConnectionIsToldTheExitStatus() throws Exception {
    var polite = says("QUIT\r\n");
    assertEquals(0, polite.run(CONTROL, queue, chain));
    assertEquals(0, polite.status);
    var gone = says("");
    var broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new SocketException("Connection reset");
          }
        };
    gone.live(broken, new ByteArrayOutputStream());
    assertThrows(IOException.class, () -> gone.run(CONTROL, queue, chain));
    assertEquals(1, gone.status);
  }

  @Test
  void numbersHave32Bits() throws Exception {
    for (List<?> row :
        List.of(
            List.of("x", 1200L, 0L),
            List.of("0", 1L, 0L),
            List.of("5 x", 5L, 5L),
            List.of("3000000000", 1L, 3_000_000_000L),
            List.of("4294967295", 1L, 4_294_967_294L),
            List.of("4294967299", 3L, 3L),
            List.of("18446744073709551620", 4L, 4L))) {
      var number = row.get(0);
      var files = Map.of("me", "m", "timeoutsmtpd", number, "databytes", number);
      var settings = Settings.read(new FakeControl(Path.of("/"), files), Map.of());
      assertEquals(row, List.of(number, settings.timeoutSeconds(), settings.dataBytes()));
    }
  }

  /** Whose memory is at its end at XCOMMAND, and perhaps at the reply as well. */
  private static SmtpExtension greedy(boolean always) {
    return dialogue ->
        Optional.of(
            new SmtpHooks() {
              @Override
              public SmtpAnswer command(SmtpCommand command) throws IOException {
                if (command.verb().equals("xcommand")) {
                  throw new OutOfMemoryError("for the test");
                }
                return SmtpAnswer.pass();
              }

              @Override
              public Reply edit(String verb, Reply reply) {
                if (always && reply.code() == 421) {
                  throw new OutOfMemoryError("for the test");
                }
                return reply;
              }
            });
  }

  @Test
  void outOfMemory() throws Exception {
    String text = "MAIL FROM:<a>\r\nXCOMMAND\r\nNOOP\r\n";
    assertEquals(
        "220 m ESMTP\r\n250 ok\r\n421 out of memory (#4.3.0)\r\n", run(says(text), greedy(false)));
    // Not even enough to say so; nor has what came before been sent.
    assertEquals("220 m ESMTP\r\n", run(says(text), greedy(true)));
  }

  @Test
  void outOfMemoryWithAMessageUnderWay() throws Exception {
    var text = "MAIL FROM:<a>\r\nRCPT TO:<b>\r\nDATA\r\nhi\r\n".getBytes(StandardCharsets.US_ASCII);
    var full =
        new InputStream() {
          @Override
          public int read() {
            throw new OutOfMemoryError("for the test");
          }
        };
    var dialogue = says("");
    dialogue.live(
        new SequenceInputStream(new ByteArrayInputStream(text), full), new ByteArrayOutputStream());
    assertEquals(
        "220 m ESMTP\r\n250 ok\r\n250 ok\r\n354 go ahead\r\n421 out of memory (#4.3.0)\r\n",
        run(dialogue));
  }
}
