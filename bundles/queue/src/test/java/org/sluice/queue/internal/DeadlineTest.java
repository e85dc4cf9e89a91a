package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.mail.DeliverBy;
import org.sluice.api.mail.DeliverBy.Mode;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.Notify;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.store.Channel;
import org.sluice.base.MailDate;

/** What becomes of mail with a deadline (RFC 2852 section 4.1), and who hears of delays. */
class DeadlineTest extends BenchTest {
  private static final Instant BIRTH = Instant.ofEpochSecond(1_800_000_000L);
  private static final String SENDER = "s@here.example";
  private static final DeliveryResult LATER =
      new DeliveryResult.TempFail(
          "192.0.2.1 failed after I sent the message.\nRemote host said: 451 4.3.0 busy\n");

  private static Recipient to(String box, Notify... notify) {
    return new Recipient(
        box + "@far.example", new RecipientOptions(Set.of(notify), Optional.empty()));
  }

  private void submit(String sender, MessageOptions options, Recipient... recipients)
      throws Exception {
    bench.submit(
        new Envelope(new ReversePath(sender), Arrays.asList(recipients), options),
        "Subject: x\n\nbody\n");
    bench.settle();
  }

  private static MessageOptions by(long seconds, Mode mode, boolean trace) {
    var by = new DeliverBy(BIRTH.plusSeconds(seconds), mode, trace);
    return MessageOptions.NONE.withDeliverBy(Optional.of(by));
  }

  private static MessageOptions by(long seconds, Mode mode) {
    return by(seconds, mode, false);
  }

  /** It is so many seconds after the mail has come. */
  private void at(long seconds) throws Exception {
    bench.advance(Duration.between(bench.clock.instant(), BIRTH.plusSeconds(seconds)));
    bench.queue.bindStore(bench.store); // wakes it
    bench.settle();
  }

  /** What the open deliveries to other hosts come to; how many there were. */
  private int answer(DeliveryResult result) throws Exception {
    int count = 0;
    for (Bench.Open open : bench.open()) {
      if (open.channel == Channel.REMOTE) {
        open.answer(result);
        count++;
      }
    }
    bench.settle();
    return count;
  }

  /** The reports that have come meanwhile, which are delivered. */
  private List<String> reports() throws Exception {
    List<String> reports = new ArrayList<>();
    for (Bench.Open open : bench.open()) {
      if (open.attempt.sender().address().isEmpty()) {
        assertEquals(SENDER, open.attempt.recipient());
        try (var in = open.attempt.message().open()) {
          reports.add(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        }
        open.answer(new DeliveryResult.Delivered(""));
      }
    }
    bench.settle();
    return reports;
  }

  private String report() throws Exception {
    List<String> reports = reports();
    assertEquals(1, reports.size(), reports.toString());
    return reports.get(0);
  }

  /** Of whom it tells what. */
  private static List<String> told(String report) {
    return report
        .lines()
        .filter(l -> l.matches("(Final-Recipient|Action|Status): .*"))
        .map(l -> l.replaceAll(".*[ ;]([^ ;]+)", "$1").replace("@far.example", ""))
        .sorted()
        .toList();
  }

  private Optional<Long> due() {
    return bench.store.nextDue(Channel.REMOTE).map(due -> Duration.between(BIRTH, due).toSeconds());
  }

  @Test
  void whatIsToComeBackIsGivenUpAtTheDeadline() throws Exception {
    submit(SENDER, by(1000, Mode.RETURN), to("a"), to("b", Notify.NEVER));
    assertEquals(2, answer(LATER));
    assertEquals(Optional.of(400L), due());
    at(400);
    assertEquals(2, answer(LATER));
    assertEquals(Optional.of(1000L), due()); // 1600 without
    at(1000);
    assertEquals(0, answer(LATER));
    String report = report();
    assertEquals(List.of("5.4.7", "a", "failed"), told(report));
    String date = "\nDeliver-By-Date: " + MailDate.rfc822(BIRTH.plusSeconds(1000)) + "\n";
    assertTrue(report.contains(date), report);
    assertTrue(report.contains("to deliver this message by has passed. (#5.4.7)\n"), report);
    assertEquals(0, bench.store.statistics().messages());
  }

  @Test
  void anAttemptThatTheDeadlineComesInTheMidstOf() throws Exception {
    submit(SENDER, by(100, Mode.RETURN), to("a"), to("b"));
    bench.advance(Duration.ofSeconds(100));
    bench.open().get(1).answer(new DeliveryResult.Delivered("did\n"));
    answer(LATER);
    String report = report();
    assertTrue(told(report).containsAll(List.of("5.4.7", "failed")), report);
    assertTrue(report.contains("\nDiagnostic-Code: smtp; 451 4.3.0 busy\n"), report);
    assertEquals(3, told(report).size(), report);
  }

  @Test
  void aDelayIsToldOnceAndTriesGoOn() throws Exception {
    submit(
        SENDER,
        by(1000, Mode.NOTIFY),
        to("plain"),
        to("delay", Notify.DELAY, Notify.FAILURE),
        to("never", Notify.NEVER),
        to("failure", Notify.FAILURE));
    answer(LATER);
    at(400);
    answer(LATER);
    assertEquals(Optional.of(1000L), due());
    assertEquals(List.of(), reports());
    at(1000);
    assertEquals(4, answer(LATER));
    String report = report();
    assertEquals(List.of("4.4.7", "4.4.7", "delay", "delayed", "delayed", "plain"), told(report));
    String end = "\nWill-Retry-Until: " + MailDate.rfc822(BIRTH.plusSeconds(604_800)) + "\n";
    assertTrue(report.contains("\nDiagnostic-Code: smtp; 451 4.3.0 busy" + end), report);
    assertTrue(report.contains("\nSubject: delay notice\n"), report);
    assertTrue(report.contains("\nDeliver-By-Date: "), report);
    assertFalse(report.contains("\nbody\n"), report);
    assertEquals(Optional.of(2601L), due());
    at(2601);
    assertEquals(4, answer(LATER));
    assertEquals(List.of(), reports());
    stop();
    bench = new Bench(home);
    bench.advance(Duration.ofDays(1));
    bench.connect();
    bench.await(LIMIT, () -> bench.open().size() == 4);
    answer(LATER);
    assertEquals(List.of(), reports());
    at(200_000);
    assertEquals(4, answer(new DeliveryResult.Delivered("did\n")));
    assertEquals(List.of(), reports());
    assertEquals(0, bench.store.statistics().messages());
  }

  @Test
  void whatIsDeliveredAtOnceIsNotLate() throws Exception {
    submit(SENDER, by(-100, Mode.NOTIFY), to("a"), to("b"));
    bench.open().get(0).answer(LATER);
    bench.settle();
    assertEquals(List.of(), reports()); // as long as b is tried
    answer(new DeliveryResult.Delivered("did\n", false, true));
    assertEquals(3, told(report()).size());
  }

  @Test
  void aDelayThatCannotBeToldIsToldLater() throws Exception {
    submit(SENDER, by(0, Mode.NOTIFY), to("a"));
    bench.failing.add("commit");
    answer(LATER);
    assertEquals(List.of(), reports());
    assertEquals(Optional.of(123L), due());
    bench.failing.clear();
    at(123);
    assertEquals(1, answer(LATER));
    assertEquals(List.of("4.4.7", "a", "delayed"), told(report()));
    at(5000);
    assertEquals(1, answer(LATER));
    assertEquals(List.of(), reports());
  }

  @Test
  void nobodyIsToldOfMailWithoutASender() throws Exception {
    for (String sender : List.of("", "#@[]")) {
      submit(sender, by(0, Mode.NOTIFY, true), to("late", Notify.DELAY));
      assertEquals(1, answer(LATER));
    }
    assertEquals(0, bench.open().size());
    at(5000);
    assertEquals(2, answer(new DeliveryResult.Delivered("did\n")));
    assertEquals(0, bench.open().size());
    assertEquals(0, bench.store.statistics().messages());
  }

  @Test
  void theWayIsTold() throws Exception {
    var told = new DeliveryResult.Delivered("192.0.2.1 accepted message.\n", true, true);
    var untold = new DeliveryResult.Delivered("192.0.2.1 accepted message.\n", true, false);
    submit(SENDER, by(100, Mode.RETURN, true), to("a"), to("b", Notify.NEVER));
    answer(told);
    String report = report();
    assertEquals(List.of("2.0.0", "a", "relayed"), told(report));
    assertTrue(report.contains("passed on to the next server for the following"), report);
    submit(SENDER, by(100, Mode.NOTIFY), to("a", Notify.FAILURE), to("b", Notify.NEVER));
    answer(untold);
    assertEquals(List.of("2.0.0", "a", "relayed"), told(report()));
    // Nobody has to know: the next host keeps the time, or it is over, or there is no next host.
    submit(SENDER, by(100, Mode.NOTIFY), to("a"));
    answer(told);
    submit(SENDER, by(0, Mode.NOTIFY), to("a"));
    answer(untold);
    submit(SENDER, by(100, Mode.NOTIFY, true), new Recipient("here@here.example"));
    bench.open().get(0).answer(new DeliveryResult.Delivered("did\n"));
    bench.settle();
    assertEquals(List.of(), reports());
    assertEquals(0, bench.store.statistics().messages());
  }

  @Test
  void whoWantsToHearOfDelaysDoesAfterFourHours() throws Exception {
    submit(SENDER, MessageOptions.NONE, to("a", Notify.DELAY), to("b", Notify.FAILURE), to("c"));
    answer(LATER);
    at(14_399);
    assertEquals(3, answer(LATER));
    assertEquals(List.of(), reports());
    at(30_000);
    assertEquals(3, answer(LATER));
    String report = report();
    assertEquals(List.of("4.4.7", "a", "delayed"), told(report));
    assertFalse(report.contains("Deliver-By-Date"), report);
    at(60_000);
    assertEquals(3, answer(LATER));
    assertEquals(List.of(), reports());
  }
}
