package org.sluice.listeners.smtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;
import org.sluice.api.mail.ReversePath;
import org.sluice.base.BytesMessage;
import org.sluice.control.internal.ControlFiles;
import org.sluice.testkit.BrokenMessage;
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.RecordingQueue;

/** What a verdict of each stage makes of the dialogue. */
class FilterVerdictsTest {
  private static final Verdict REJECT = new Verdict.Reject(Reply.of(550, "5.7.1", "no"));
  private static final Verdict LATER = new Verdict.TempFail(Reply.of(451, "4.7.1", "later"));
  private static final String MAIL =
      "HELO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nhi\r\n.\r\nQUIT\r\n";

  @TempDir Path home;
  private final OpenChain chain = new OpenChain();
  private final RecordingQueue queue = new RecordingQueue();

  @BeforeEach
  void control() throws Exception {
    Files.createDirectories(home.resolve("control"));
    Files.writeString(home.resolve("control/me"), "m\n");
  }

  private String say(String text, boolean draining) throws Exception {
    var dialogue = new Dialogue(text, Map.of(), 1 << 16, false);
    dialogue.draining = draining;
    dialogue.run(new ControlFiles(home, System::nanoTime), queue, chain);
    assertEquals(0, chain.open);
    return dialogue.said();
  }

  @Test
  void connect() throws Exception {
    chain.connect = REJECT;
    assertEquals("550 5.7.1 no\r\n", say(MAIL, false));
  }

  @Test
  void hello() throws Exception {
    chain.hello = LATER;
    assertTrue(say(MAIL, false).startsWith("220 m ESMTP\r\n451 4.7.1 later\r\n250 ok\r\n"));
  }

  @Test
  void sender() throws Exception {
    chain.sender = REJECT;
    String said = say(MAIL, false);
    assertTrue(said.contains("250 m\r\n550 5.7.1 no\r\n503 MAIL first (#5.5.1)\r\n"), said);
    assertEquals(0, queue.queued.size());
  }

  @Test
  void aSenderThatIsRefusedLeavesTheOneBefore() throws Exception {
    FilterChain picky =
        new FilterChain() {
          @Override
          public Verdict connect(Session session) {
            return chain.connect(session);
          }

          @Override
          public Verdict hello(Session session, String name) {
            return chain.hello(session, name);
          }

          @Override
          public FilterPass begin(Session session, ReversePath from) {
            chain.sender = from.address().startsWith("bad") ? REJECT : Verdict.next();
            return chain.begin(session, from);
          }
        };
    String begin = "MAIL FROM:<a>\r\nRCPT TO:<b>\r\nMAIL FROM:<bad>\r\n";
    String end = "RCPT TO:<c>\r\nDATA\r\n.\r\n";
    var dialogue =
        new Dialogue(begin + end + begin + "MAIL FROM:<d>\r\n" + end, Map.of(), 1 << 16, false);
    dialogue.run(new ControlFiles(home, System::nanoTime), queue, picky);
    assertEquals(0, chain.open);
    assertTrue(dialogue.said().contains("550 5.7.1 no\r\n250 ok\r\n354 "), dialogue.said());
    assertEquals(
        List.of("Fa\0Tb\0Tc\0\0", "Fd\0Tc\0\0"),
        queue.queued.stream().map(q -> q.envelope()).toList());
  }

  @Test
  void recipient() throws Exception {
    chain.recipient = LATER;
    String said = say(MAIL, false);
    assertTrue(said.contains("250 ok\r\n451 4.7.1 later\r\n503 RCPT first (#5.5.1)\r\n"), said);
  }

  @Test
  void message() throws Exception {
    chain.message = REJECT;
    assertTrue(say(MAIL, false).contains("354 go ahead\r\n550 5.7.1 no\r\n221 m\r\n"));
    assertEquals(0, queue.queued.size());
    chain.message = new Verdict.Discard("why");
    assertTrue(say(MAIL, false).contains("250 ok "));
    assertEquals(0, queue.queued.size());
    chain.message = new Verdict.Quarantine("why");
    assertTrue(say(MAIL, false).contains("250 ok "));
    assertTrue(queue.queued.get(0).held());
  }

  @Test
  void replacementIsQueuedAsItIs() throws Exception {
    String text = "Received: (qmail 1 invoked from network); x\nX: y\n\nhi\n";
    byte[] edited = text.getBytes(StandardCharsets.ISO_8859_1);
    chain.replacement = Optional.of(new BytesMessage(edited, 0, edited.length));
    say(MAIL, false);
    // A trace line in it is that of a host before: the queue's own is none of the filters'
    // business.
    assertEquals(text, queue.queued.get(0).message());
  }

  @Test
  void aReplacementThatCannotBeReadIsTemporary() throws Exception {
    chain.replacement = Optional.of(new BrokenMessage());
    String said = say(MAIL, false);
    assertTrue(said.endsWith("354 go ahead\r\n451 qq read error (#4.3.0)\r\n221 m\r\n"), said);
    assertEquals(0, queue.queued.size());
  }

  private void ends(String how) throws Exception {
    chain.ended.clear();
    say(MAIL, false);
    assertEquals(List.of(how), chain.ended);
  }

  @Test
  void observersAreToldHowItEnded() throws Exception {
    ends("ACCEPTED queued");
    chain.message = new Verdict.Quarantine("why");
    ends("QUARANTINED queued: why");
    chain.message = new Verdict.Discard("why");
    ends("DISCARDED: discarded by a filter: why");
    chain.message = Verdict.next();
    queue.exit = 53;
    ends("REFUSED: qq write error or disk full (#4.3.0)");
    Files.writeString(home.resolve("control/databytes"), "1\n");
    ends("REFUSED: 552 sorry, that message size exceeds my databytes limit (#5.3.4)");
  }

  @Test
  void drainedSessionIsToldBetweenCommandsOnly() throws Exception {
    assertEquals("220 m ESMTP\r\n421 m closing, try again (#4.3.2)\r\n", say("", true));
    String said = say(MAIL.replace("QUIT\r\n", ""), true);
    assertTrue(said.contains("250 ok "), said);
    assertTrue(said.endsWith("421 m closing, try again (#4.3.2)\r\n"), said);
    assertEquals(1, queue.queued.size());
  }
}
