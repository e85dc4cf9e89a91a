package org.sluice.listeners.qmqp.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
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
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.RecordingQueue;
import org.sluice.testkit.TestConnection;

/** Filters, limits, drains and hostile clients. */
class QmqpSessionTest {
  private static final String K = net("Kok 7 qp 4711");
  private static final Verdict REJECT = new Verdict.Reject(Reply.of(550, "5.7.1", "no"));
  private static final Verdict LATER = new Verdict.TempFail(Reply.of(451, "4.7.1", "later"));

  private final OpenChain chain = new OpenChain();
  private final RecordingQueue queue = new RecordingQueue();
  private InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(7));
  private int maxRecipients = 10;
  private int exit;

  private static String net(String text) {
    return new String(Netstring.of(text), StandardCharsets.ISO_8859_1);
  }

  private static String message(String text, String sender, String... recipients) {
    var all = new StringBuilder(net(text)).append(net(sender));
    for (String recipient : recipients) {
      all.append(net(recipient));
    }
    return net(all.toString());
  }

  private String say(String text) throws InterruptedException {
    return say(new TestConnection(text, Map.of(), 1 << 16));
  }

  private String say(TestConnection connection) throws InterruptedException {
    var services = services(Optional.of(chain));
    exit = new QmqpSession(connection, services, () -> Optional.of(queue), maxRecipients).run();
    assertEquals(0, chain.open, "a pass was left open");
    return connection.heard();
  }

  private ListenerServices services(Optional<FilterChain> filters) {
    return new ListenerServices(
        clock, Optional.empty(), Optional.of(queue), filters, Optional.empty());
  }

  @Test
  void everyVerdictIsForTheWholeMessage() throws Exception {
    String text = message("x", "s", "u", "v");
    chain.connect = REJECT;
    assertEquals(net("Dno (#5.7.1)"), say(text));
    chain.connect = Verdict.next();
    chain.sender = LATER;
    assertEquals(net("Zlater (#4.7.1)"), say(text));
    chain.sender = Verdict.next();
    chain.recipients = Map.of("v", LATER);
    assertEquals(net("Zlater (#4.7.1)"), say(text));
    chain.recipients = Map.of();
    chain.message = REJECT;
    assertEquals(net("Dno (#5.7.1)"), say(text));
    assertEquals(List.of(), queue.queued);
    chain.message = new Verdict.Discard("why");
    assertEquals(K, say(text));
    assertEquals(List.of(), queue.queued);
    chain.message = new Verdict.Quarantine("why");
    assertEquals(K, say(text));
    assertTrue(queue.queued.get(0).held());
  }

  @Test
  void withoutFiltersNothingGetsPast() throws Exception {
    var connection = new TestConnection(message("x", "s", "u"), Map.of(), 100);
    new QmqpSession(connection, services(Optional.empty()), () -> Optional.of(queue), 1).run();
    assertEquals(net("Zfilters are being replaced, try again (#4.3.2)"), connection.heard());
    assertEquals(List.of(), queue.queued);
  }

  @Test
  void tooManyRecipients() throws Exception {
    maxRecipients = 2;
    assertEquals(K, say(message("x", "s", "u", "v")));
    assertEquals(
        net("Zsorry, too many recipients (#4.5.3)"), say(message("x", "s", "u", "v", "w")));
    assertEquals(
        net("Dsorry, I can't accept addresses like that (#5.1.3)"),
        say(message("x", "s", "u", "v", "w\0")));
    assertEquals(1, queue.queued.size());
  }

  @Test
  void hundredThousandRecipients() throws Exception {
    maxRecipients = 100_000;
    String[] many = new String[100_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = "u" + i;
    }
    assertEquals(K, say(message("x", "s", many)));
    assertTrue(queue.queued.get(0).envelope().endsWith("Tu99999\0\0"));
  }

  @Test
  void endlessAddressIsReadAndRefused() throws Exception {
    String said = say(message("x", "s".repeat(3_000_000), "u"));
    assertEquals(net("Dsorry, I can't accept addresses like that (#5.1.3)"), said);
    assertEquals(0, exit);
  }

  @Test
  void nonsense() throws Exception {
    for (String text :
        List.of("0".repeat(99) + "1:", "0".repeat(200), "12;", "5:99:x,,", "3:1:x")) {
      assertEquals("", say(text));
      assertEquals(100, exit, text);
    }
    assertEquals("", say("9:1:x"));
    assertEquals(0, exit);
    assertEquals("", say("2000000010:"));
    assertEquals(111, exit);
    assertEquals("", say("2000000009:2000000010:"));
    assertEquals(111, exit);
    assertEquals("", say("2000000009:1999999990:abc"));
    assertEquals(0, exit);
    assertEquals(List.of(), queue.queued);
  }

  @Test
  void queueTrouble() throws Exception {
    queue.bodyLimit = 1_000;
    String z = net("Zqq write error or disk full (#4.3.0)");
    assertEquals(z, say(message("x".repeat(100_000), "s", "u")));
    queue.open = Optional.of(new QueueException(62, "away"));
    assertEquals("", say(message("x", "s", "u")));
    assertEquals(111, exit);
    assertEquals(List.of(), queue.queued);
  }

  @Test
  void drainedBeforeTheFirstOctetOnly() throws Exception {
    String text = message("x", "s", "u");
    var connection = new TestConnection(text, Map.of(), 3);
    assertEquals(K, say(connection));
    assertEquals(List.of(0), connection.idleAt);
  }

  @Test
  void anHourInAll() throws Exception {
    clock =
        new InstantSource() {
          private Instant now = Instant.EPOCH;

          @Override
          public Instant instant() {
            now = now.plus(Duration.ofSeconds(60));
            return now;
          }
        };
    assertEquals("", say(new TestConnection(message("x".repeat(500), "s", "u"), Map.of(), 1)));
    assertEquals(111, exit);
    assertEquals(List.of(), queue.queued);
  }
}
