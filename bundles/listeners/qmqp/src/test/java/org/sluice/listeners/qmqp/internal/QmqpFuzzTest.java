package org.sluice.listeners.qmqp.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sluice.base.ListenerServices;
import org.sluice.base.Netstring;
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.RecordingQueue;
import org.sluice.testkit.TestConnection;

/** Whole sessions: a message is queued if it is well formed, and else nothing. */
class QmqpFuzzTest {
  private static final Pattern LENGTH = Pattern.compile("0*([0-9]{0,9}):");
  private static final Pattern TRACE = Pattern.compile("Received: from [ -~]*\n  by [ -~]*\n");
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(7));
  private static final String OK = "Kok 7 qp 4711";
  private static final String BAD = "Dsorry, I can't accept addresses like that (#5.1.3)";
  private static final String TOO_MANY = "Zsorry, too many recipients (#4.5.3)";
  private static final int ADDRESS = 1_000;
  private static final int MANY = 20;

  /** The length of the whole message and its colon, in octets at most. */
  private static final int START = 100;

  /** What a session came to. */
  private record Outcome(String said, int exit, List<String> queued) {}

  @DictionaryEntries({"11:1:m,1:s,1:r,,", "1:a,", "0:,", "9:0:,0:,0:,,"})
  @FuzzTest
  void session(byte[] input) throws InterruptedException {
    String text = new String(input, ISO_8859_1);
    Outcome outcome = outcome(text, 1 << 20);
    assertEquals(outcome, outcome(text, 1));
    assertEquals(outcome, outcome(text, 5));
    assertEquals(expected(text), new Outcome(outcome.said, 0, outcome.queued));
    assertTrue(outcome.said.isEmpty() || outcome.exit == 0, "an answer, and yet a failure");
  }

  private static Outcome outcome(String text, int piece) throws InterruptedException {
    var connection = new TestConnection(text, Map.of(), piece);
    var queue = new RecordingQueue();
    var chain = new OpenChain();
    var services =
        new ListenerServices(
            CLOCK, Optional.empty(), Optional.of(queue), Optional.of(chain), Optional.empty());
    int exit = new QmqpSession(connection, services, () -> Optional.of(queue), MANY).run();
    assertEquals(0, chain.open, "a pass was left open");
    return new Outcome(
        connection.heard(), exit, queue.queued.stream().map(QmqpFuzzTest::mail).toList());
  }

  private static String mail(RecordingQueue.Queued queued) {
    var trace = TRACE.matcher(queued.message());
    assertTrue(trace.lookingAt(), queued::message);
    return queued.envelope() + queued.message().substring(trace.end());
  }

  private static String net(String answer) {
    return new String(Netstring.of(answer), ISO_8859_1);
  }

  private static Outcome expected(String text) {
    var nothing = new Outcome("", 0, List.of());
    List<String> outer = netstrings(text, 1);
    if (outer.isEmpty() || text.indexOf(':') >= START) {
      return nothing;
    }
    List<String> parts = netstrings(outer.get(0), Integer.MAX_VALUE);
    if (parts.size() < 2) {
      return nothing;
    }
    List<String> addresses = parts.subList(1, parts.size());
    if (addresses.stream().anyMatch(a -> a.indexOf(0) >= 0 || a.length() >= ADDRESS)) {
      return new Outcome(net(BAD), 0, List.of());
    }
    if (addresses.size() > MANY + 1) {
      return new Outcome(net(TOO_MANY), 0, List.of());
    }
    var envelope = new StringBuilder("F").append(addresses.get(0)).append('\0');
    for (String recipient : addresses.subList(1, addresses.size())) {
      envelope.append('T').append(recipient).append('\0');
    }
    return new Outcome(net(OK), 0, List.of(envelope + "\0" + parts.get(0)));
  }

  /** So many netstrings, or as many as fill the text; none if it holds anything else. */
  private static List<String> netstrings(String text, int most) {
    List<String> found = new ArrayList<>();
    int at = 0;
    while (at < text.length() && found.size() < most) {
      int start = text.indexOf(':', at) + 1;
      var length = LENGTH.matcher(text.substring(at, Math.max(at, start)));
      if (!length.matches()) {
        return List.of();
      }
      // No digit at all is a length of 0, as in qmail.
      int size = Integer.parseInt("0" + length.group(1));
      if (size >= text.length() - start || text.charAt(start + size) != ',') {
        return List.of();
      }
      found.add(text.substring(start, start + size));
      at = start + size + 1;
    }
    return found;
  }
}
