package org.sluice.listeners.qmtp.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sluice.base.ListenerServices;
import org.sluice.testkit.FakeControl;
import org.sluice.testkit.OpenChain;
import org.sluice.testkit.RecordingQueue;
import org.sluice.testkit.TestConnection;

/** Whole sessions: what is well formed is queued and answered, and nothing else. */
class QmtpFuzzTest {
  private static final Pattern LENGTH = Pattern.compile("([0-9]{1,9}):");
  private static final Pattern ANSWER = Pattern.compile("([0-9]+):([KZD][ -~]*)");
  private static final Pattern TRACE = Pattern.compile("Received: from [ -~]*\n  by [ -~]*\n");
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(7));
  private static final Map<String, String> ANYBODY = Map.of("RELAYCLIENT", "");
  private static final int MANY = 100;

  /** What a session came to. */
  private record Outcome(String said, int exit, List<String> queued) {}

  @DictionaryEntries({"2:s,", "1:s,", "4:1:r,,", "0:,", "8:1:a,1:b,,"})
  @FuzzTest
  void session(byte[] input) throws InterruptedException {
    String text = new String(input, ISO_8859_1);
    Outcome outcome = outcome(text, 1);
    for (int piece : new int[] {5, 1 << 20}) {
      Outcome other = outcome(text, piece);
      assertEquals(outcome.exit, other.exit);
      assertEquals(outcome.queued, other.queued);
      // Answers that were not sent are lost when the client breaks the protocol, as in qmail.
      assertTrue(outcome.exit == 0 ? outcome.equals(other) : outcome.said.startsWith(other.said));
    }

    List<String> answers = answers(outcome.said);
    var plain = new Plain(text);
    plain.run();
    int sure = plain.queued.size();
    assertTrue(outcome.queued.size() >= sure, "mail is missing");
    assertEquals(plain.queued, outcome.queued.subList(0, sure));
    assertEquals(plain.answers, first(answers, plain.answers.length()));
    if (plain.whole) {
      assertEquals(sure, outcome.queued.size());
      assertEquals(plain.answers.length(), answers.size());
      assertEquals(0, outcome.exit);
    }
  }

  private static Outcome outcome(String text, int piece) throws InterruptedException {
    var connection = new TestConnection(text, ANYBODY, piece);
    var queue = new RecordingQueue();
    var chain = new OpenChain();
    var services =
        new ListenerServices(
            CLOCK,
            Optional.of(new FakeControl(Path.of("/"), Map.of("me", "m\n"))),
            Optional.of(queue),
            Optional.of(chain),
            Optional.empty());
    int exit = new QmtpSession(connection, services, () -> Optional.of(queue), MANY).run();
    assertEquals(0, chain.open, "a pass was left open");
    return new Outcome(
        connection.heard(), exit, queue.queued.stream().map(QmtpFuzzTest::mail).toList());
  }

  private static String mail(RecordingQueue.Queued queued) {
    var trace = TRACE.matcher(queued.message());
    assertTrue(trace.lookingAt(), queued::message);
    return queued.envelope() + queued.message().substring(trace.end());
  }

  private static List<String> answers(String said) {
    List<String> answers = new ArrayList<>();
    int at = 0;
    while (at < said.length()) {
      var length = LENGTH.matcher(said).region(at, said.length());
      assertTrue(length.lookingAt(), said);
      int end = length.end() + Integer.parseInt(length.group(1));
      assertTrue(ANSWER.matcher(said.substring(at, end)).matches(), said);
      assertEquals(',', said.charAt(end));
      answers.add(said.substring(length.end(), end));
      at = end + 1;
    }
    return answers;
  }

  private static String first(List<String> answers, int count) {
    var first = new StringBuilder();
    answers.stream().limit(count).forEach(a -> first.append(a.charAt(0)));
    return first.toString();
  }

  /** Reads messages as long as they are what a client should send. */
  private static final class Plain {
    private static final int ADDRESS = 1_000;

    /** Envelope and text of each. */
    final List<String> queued = new ArrayList<>();

    /** K, Z or D for each recipient. */
    String answers = "";

    /** Whether that was all. */
    boolean whole;

    private final String text;
    private int at;

    Plain(String text) {
      this.text = text;
    }

    void run() {
      while (at < text.length()) {
        Optional<String> message = next();
        Optional<String> sender = message.isPresent() ? next() : message;
        Optional<String> list = sender.isPresent() ? next() : sender;
        if (list.isEmpty()
            || !message.get().matches("(?s)[\r\n].*")
            || !take(message.get(), sender.get(), list.get())) {
          return;
        }
      }
      whole = true;
    }

    private boolean take(String message, String sender, String list) {
      var inner = new Plain(list);
      List<String> recipients = new ArrayList<>();
      while (inner.at < list.length()) {
        Optional<String> recipient = inner.next();
        if (recipient.isEmpty()) {
          return false;
        }
        recipients.add(recipient.get());
      }
      boolean badSender = bad(sender);
      List<String> good = recipients.stream().filter(r -> !bad(r)).limit(MANY).toList();
      String body = message.substring(1);
      if (!badSender && !good.isEmpty()) {
        queued.add(
            "F"
                + sender
                + "\0"
                + String.join("", good.stream().map(r -> "T" + r + "\0").toList())
                + "\0"
                + (message.charAt(0) == '\r' ? body.replace("\r\n", "\n") : body));
      }
      int accepted = 0;
      for (String recipient : recipients) {
        boolean tooMany = !badSender && !bad(recipient) && accepted++ >= MANY;
        answers += bad(recipient) || badSender ? 'D' : tooMany ? 'Z' : 'K';
      }
      return true;
    }

    private static boolean bad(String address) {
      return address.indexOf(0) >= 0 || address.length() >= ADDRESS;
    }

    private Optional<String> next() {
      var length = LENGTH.matcher(text).region(at, text.length());
      if (!length.lookingAt()) {
        return Optional.empty();
      }
      int size = Integer.parseInt(length.group(1));
      int end = length.end() + size;
      if (size >= text.length() - length.end() || text.charAt(end) != ',') {
        return Optional.empty();
      }
      at = end + 1;
      return Optional.of(text.substring(length.end(), end));
    }
  }
}
