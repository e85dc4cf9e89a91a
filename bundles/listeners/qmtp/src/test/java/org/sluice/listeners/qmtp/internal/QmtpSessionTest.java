package org.sluice.listeners.qmtp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sluice.api.filter.FilterChain;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.Reply;
import org.sluice.api.queue.QueueException;
import org.sluice.base.ListenerServices;
import org.sluice.base.Netstring;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.RecordingQueue;
import org.sluice.testkit.TestConnection;

/** Filters, limits, drains and hostile clients. */
class QmtpSessionTest {
  private static final String K = "Kok 7 qp 4711";
  private static final Verdict REJECT = new Verdict.Reject(Reply.of(550, "5.7.1", "no"));
  private static final Verdict LATER = new Verdict.TempFail(Reply.of(451, "4.7.1", "later"));
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(7));

  private final OpenChain chain = new OpenChain();
  private final RecordingQueue queue = new RecordingQueue();
  private Map<String, String> files = Map.of("rcpthosts", "a.org\n");
  private int maxRecipients = 10;
  private int exit;

  private static String net(String text) {
    return new String(Netstring.of(text), StandardCharsets.ISO_8859_1);
  }

  private static String message(String text, String sender, String... recipients) {
    var list = new StringBuilder();
    for (String recipient : recipients) {
      list.append(net(recipient));
    }
    return net(text) + net(sender) + net(list.toString());
  }

  private static String answers(String... texts) {
    var list = new StringBuilder();
    for (String text : texts) {
      list.append(net(text));
    }
    return list.toString();
  }

  private String say(String text) throws InterruptedException {
    return say(new TestConnection(text, Map.of(), 1 << 16), CLOCK);
  }

  private String say(TestConnection connection, InstantSource clock) throws InterruptedException {
    var services = services(clock, Optional.of(chain));
    exit = new QmtpSession(connection, services, () -> Optional.of(queue), maxRecipients).run();
    assertEquals(0, chain.open, "a pass was left open");
    return connection.heard();
  }

  private ListenerServices services(InstantSource clock, Optional<FilterChain> filters) {
    var control = new FakeControl(Path.of("/"), files);
    return new ListenerServices(
        clock, Optional.of(control), Optional.of(queue), filters, Optional.empty());
  }

  @Test
  void connectVerdictIsTheAnswerToEveryMessage() throws Exception {
    chain.connect = REJECT;
    String no = "Dno (#5.7.1)";
    String two = message("\nx", "s", "u@a.org") + message("\ny", "s", "v@a.org", "w@a.org");
    assertEquals(answers(no, no, no), say(two));
    assertEquals(List.of(), queue.queued);
  }

  @Test
  void senderVerdictIsForAllWhoWereAcceptable() throws Exception {
    chain.sender = LATER;
    String said = say(message("\nx", "s", "u@a.org", "v@b.org", "w@a.org"));
    String d = "Dsorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)";
    assertEquals(answers("Zlater (#4.7.1)", d, "Zlater (#4.7.1)"), said);
    assertEquals(List.of(), queue.queued);
  }

  @Test
  void recipientVerdictsAreReportedOneByOne() throws Exception {
    chain.recipients = Map.of("v@a.org", REJECT, "w@a.org", LATER);
    String said = say(message("\nx", "s", "u@a.org", "v@a.org", "w@a.org", "x@a.org"));
    assertEquals(answers(K, "Dno (#5.7.1)", "Zlater (#4.7.1)", K), said);
    assertEquals("Fs\0Tu@a.org\0Tx@a.org\0\0", queue.queued.get(0).envelope());
    chain.recipients = Map.of("u@a.org", REJECT);
    assertEquals(answers("Dno (#5.7.1)"), say(message("\nx", "s", "u@a.org")));
    assertEquals(1, queue.queued.size());
  }

  @Test
  void messageVerdictIsForAll() throws Exception {
    chain.message = REJECT;
    assertEquals(
        answers("Dno (#5.7.1)", "Dno (#5.7.1)"), say(message("\nx", "s", "u@a.org", "v@a.org")));
    assertEquals(List.of(), queue.queued);
    chain.message = new Verdict.Discard("why");
    assertEquals(answers(K), say(message("\nx", "s", "u@a.org")));
    assertEquals(List.of(), queue.queued);
    chain.message = new Verdict.Quarantine("why");
    assertEquals(answers(K), say(message("\nx", "s", "u@a.org")));
    assertTrue(queue.queued.get(0).held());
  }

  @Test
  void withoutFiltersNothingGetsPast() throws Exception {
    var services = services(CLOCK, Optional.empty());
    var connection = new TestConnection(message("\nx", "s", "u@a.org"), Map.of(), 100);
    new QmtpSession(connection, services, () -> Optional.of(queue), 1).run();
    assertEquals(answers("Zfilters are being replaced, try again (#4.3.2)"), connection.heard());
    assertEquals(List.of(), queue.queued);
  }

  @Test
  void oneTooManyIsToComeAgain() throws Exception {
    maxRecipients = 2;
    String z = "Zsorry, too many recipients (#4.5.3)";
    assertEquals(
        answers(K, K, z, z), say(message("\nx", "s", "1@a.org", "2@a.org", "3@a.org", "4@a.org")));
    assertEquals("Fs\0T1@a.org\0T2@a.org\0\0", queue.queued.get(0).envelope());
  }

  @Test
  void hundredThousandRecipientsAreAnsweredEachInOrder() throws Exception {
    maxRecipients = 100_000;
    String[] many = new String[100_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = i % 1_000 == 0 ? "u@b.org" : "u" + i + "@a.org";
    }
    String said = say(message("\nx", "s", many));
    assertEquals(
        answers("Dsorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", K, K),
        said.substring(
            0,
            answers("Dsorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", K, K)
                .length()));
    assertEquals(99_900, said.split(":Kok ", -1).length - 1);
    assertEquals(1, queue.queued.size());
    assertEquals(0, exit);
  }

  @Test
  void aMillionRecipientsAreCutOff() throws Exception {
    String list = "0:,".repeat(1_000_001);
    assertEquals("", say(net("\nx") + net("s") + net(list)));
    assertEquals(111, exit);
    assertEquals(List.of(), queue.queued);
  }

  @Test
  void nonsenseLengths() throws Exception {
    for (String text : List.of("99999999999:\n", "2000000010:\n", "1".repeat(1 << 16))) {
      assertEquals("", say(text));
      assertEquals(111, exit, text.substring(0, 10));
    }
    // Accepted as a length, but never sent.
    assertEquals("", say("2000000009:\nabc"));
    assertEquals(0, exit);
    for (String list : List.of("5: :u,,,", "4:/:u,,", "6:5:\0\0,,,", "7:99999:u,,")) {
      say(net("\nx") + net("s") + list);
      assertEquals(100, exit, list);
    }
    assertEquals(List.of(), queue.queued);
  }

  @Test
  void queueFullInTheMiddleIsATemporaryAnswer() throws Exception {
    queue.bodyLimit = 1_000;
    String z = "Zqq write error or disk full (#4.3.0)";
    String good = message("\nsmall", "s", "u@a.org");
    String said = say(message("\n" + "x".repeat(100_000), "s", "u@a.org", "v@a.org") + good);
    assertEquals(answers(z, z, K), said);
    assertEquals(1, queue.queued.size());
  }

  @Test
  void queueThatDoesNotOpenEndsTheSession() throws Exception {
    queue.open = Optional.of(new QueueException(62, "away"));
    assertEquals("", say(message("\nx", "s", "u@a.org")));
    assertEquals(111, exit);
  }

  @Test
  void crlfTextIsDecodedWhereverItIsCut() throws Exception {
    String text = "\ra\r\nb\rc\r\r\n\r\r\r\nd\ne\r";
    for (int step = 1; step < text.length(); step++) {
      queue.queued.clear();
      say(new TestConnection(message(text, "s", "u@a.org"), Map.of(), step), CLOCK);
      String got = queue.queued.get(0).message();
      assertEquals("a\nb\rc\r\n\r\r\nd\ne\r", got.substring(got.indexOf('\n', 40) + 1));
    }
  }

  @Test
  void databytesCountsDecodedOctets() throws Exception {
    files = Map.of("databytes", "5\n");
    String d = "Dsorry, that message size exceeds my databytes limit (#5.3.4)";
    for (String good : List.of("\nabcde", "\rabcd\r\n", "\rabcd\r")) {
      assertEquals(answers(K), say(message(good, "s", "u")));
    }
    for (String bad : List.of("\nabcdef", "\nabcd\r\n", "\rabcd\r\r\n", "\rabcd\re")) {
      assertEquals(answers(d), say(message(bad, "s", "u")));
    }
    assertEquals(answers(d), say(message("\nabcdef", "s\0", "u")));
  }

  @Test
  void drainedBetweenMessagesOnly() throws Exception {
    String one = message("\nx", "s", "u@a.org");
    var connection = new TestConnection(one, Map.of(), 5);
    connection.draining = true;
    assertEquals(answers(K), say(connection, CLOCK));
    assertEquals(0, exit);
    assertEquals(List.of(0), connection.idleAt);
    connection = new TestConnection(one, Map.of(), 5);
    say(connection, CLOCK);
    assertEquals(List.of(0, one.length()), connection.idleAt);
  }

  @Test
  void anHourInAllHoweverSlowTheClientIs() throws Exception {
    var time =
        new InstantSource() {
          private Instant now = Instant.EPOCH;

          @Override
          public Instant instant() {
            now = now.plus(Duration.ofSeconds(60));
            return now;
          }
        };
    var connection = new TestConnection(message("\n" + "x".repeat(500), "s", "u"), Map.of(), 1);
    assertEquals("", say(connection, time));
    assertEquals(111, exit);
    assertTrue(connection.timeouts.size() < 60);
    assertEquals(Duration.ofMinutes(20), connection.timeouts.get(0));
    assertEquals(List.of(), queue.queued);
  }
}
