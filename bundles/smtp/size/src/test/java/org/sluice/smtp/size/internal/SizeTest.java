package org.sluice.smtp.size.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.sluice.api.filter.Verdict;
import org.sluice.listeners.smtp.internal.SmtpTalk;
import org.sluice.testkit.Logged;

class SizeTest {
  private static final String TOO_LARGE =
      "552 5.3.4 sorry, that message size exceeds my databytes limit";

  private final AtomicLong nanoTime = new AtomicLong();
  private final SmtpTalk talk = new SmtpTalk(new Size(() -> Optional.of(1000L), nanoTime::get));

  /** The reply to MAIL, and to RCPT after it. */
  private String mail(String parameters) throws Exception {
    var lines =
        SmtpTalk.lines(talk.say("EHLO x\r\nMAIL FROM:<a> " + parameters + "\r\nRCPT TO:<b>\r\n"));
    assertEquals(
        lines.get(5).startsWith("250") ? "250 ok" : "503 MAIL first (#5.5.1)", lines.get(6));
    return lines.get(5);
  }

  @Test
  void tellsTheLimit() throws Exception {
    assertTrue(talk.say("EHLO x\r\n").endsWith("250 SIZE\r\n"));
    talk.control("databytes", "100\n");
    assertTrue(talk.say("EHLO x\r\n").endsWith("250 SIZE 100\r\n"));
    talk.with("DATABYTES", "0");
    assertTrue(talk.say("EHLO x\r\n").endsWith("250 SIZE\r\n"));
  }

  @Test
  void refusesWhatIsLarger() throws Exception {
    talk.control("databytes", "100\n");
    assertEquals("250 ok", mail("SIZE=100"));
    assertEquals("250 ok", mail("size=00000000000000000100 BODY=8BITMIME"));
    assertEquals(TOO_LARGE, mail("SIZE=101"));
    assertEquals(TOO_LARGE, mail("SIZE=99999999999999999999"));
    assertEquals("250 ok", mail("BODY=8BITMIME"));
  }

  @Test
  void thereMustBeRoom() throws Exception {
    assertEquals("250 ok", mail("SIZE=1000"));
    assertEquals("452 4.3.1 not enough room for that now", mail("SIZE=1001"));
    assertEquals("452 4.3.1 not enough room for that now", mail("SIZE=99999999999999999999"));
  }

  @Test
  void theOperatorIsToldOnceAMinuteThatThereIsNoRoom() throws Exception {
    assertEquals(
        List.of("mail is refused: 1000 octets free for the queue, 1001 needed"),
        warnings("SIZE=1001", "SIZE=1000", "SIZE=1002"));
    nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
    assertEquals(
        List.of("mail is refused: 1000 octets free for the queue, 1003 needed"),
        warnings("SIZE=1003", "SIZE=1004"));
  }

  private List<String> warnings(String... sizes) throws Exception {
    return Logged.during(
            () -> {
              for (String size : sizes) {
                mail(size);
              }
            })
        .stream()
        .filter(line -> line.contains("WARN"))
        .map(line -> line.substring(line.indexOf(" - ") + 3))
        .toList();
  }

  @Test
  void wantsDigits() throws Exception {
    for (String bad :
        new String[] {
          "SIZE",
          "SIZE=",
          "SIZE=x",
          "SIZE=-1",
          "SIZE=1x",
          "SIZE=1 SIZE=y",
          "SIZE=000000000000000000001"
        }) {
      assertEquals("501 5.5.4 SIZE wants a number", mail(bad), bad);
    }
  }

  @Test
  void theDeclaredSizeIsNoMoreThanAHint() throws Exception {
    talk.control("databytes", "5\n");
    String said =
        talk.say("EHLO x\r\nMAIL FROM:<a> SIZE=1\r\nRCPT TO:<b>\r\nDATA\r\n123456\r\n.\r\n");
    assertTrue(
        said.endsWith("552 sorry, that message size exceeds my databytes limit (#5.3.4)\r\n"));
  }

  @Test
  void filtersKnowTheDeclaredSize() throws Exception {
    Set<OptionalLong> seen = new HashSet<>();
    talk.chain.recipientFilter =
        Optional.of(
            (transaction, recipient) -> {
              seen.add(transaction.declaredSize());
              return Verdict.next();
            });
    assertEquals("250 ok", mail("SIZE=0999"));
    assertEquals("250 ok", mail("BODY=8BITMIME"));
    var vast =
        new SmtpTalk(new Size(Optional::empty, nanoTime::get))
            .say("EHLO x\r\nMAIL FROM:<a> SIZE=99999999999999999999\r\n");
    assertTrue(vast.endsWith("250 ok\r\n"), vast);
    assertEquals(Set.of(OptionalLong.of(999), OptionalLong.empty()), seen);
  }
}
