package org.sluice.queue.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sluice.api.delivery.DeliveryResult;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.Notify;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.RecipientOptions;
import org.sluice.api.mail.ReturnContent;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.store.Channel;

/** What senders are told who have asked for something. */
class StatusReportTest extends BenchTest {
  private static final String SENDER = "s@here.example";
  private static final String MESSAGE = "Subject: x\nX-Two: a\n  b\n\n--body\n";
  private static final DeliveryResult OK = new DeliveryResult.Delivered("did 1+0+0\n");
  private static final DeliveryResult TAKEN =
      new DeliveryResult.Delivered("192.0.2.1 accepted message.\nRemote host said: 250 2.1.5 ok\n");
  private static final DeliveryResult NO =
      new DeliveryResult.PermFail("Sorry, no mailbox here by that name. (#5.1.1)\n");

  @Override
  void prepare() throws IOException {
    control("virtualdomains", "v.example:joe\n");
  }

  private static Recipient to(String address, Notify... notify) {
    return new Recipient(address, new RecipientOptions(Set.of(notify), Optional.empty()));
  }

  private void submit(String sender, MessageOptions options, Recipient... recipients)
      throws Exception {
    bench.submit(
        new Envelope(new ReversePath(sender), Arrays.asList(recipients), options), MESSAGE);
    bench.settle();
  }

  /** Answers each recipient by its box; the others get OK. */
  private void answer(Map<String, DeliveryResult> results) throws Exception {
    for (Bench.Open open : bench.open()) {
      String address = open.attempt.recipient();
      String box = address.substring(0, address.indexOf('@'));
      open.answer(results.getOrDefault(box, OK));
    }
    bench.settle();
  }

  /** The messages that wait for delivery. */
  private List<String> waiting() throws IOException {
    List<String> messages = new ArrayList<>();
    for (Bench.Open open : bench.open()) {
      try (var in = open.attempt.message().open()) {
        String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        messages.add(text.substring(text.indexOf('\n') + 1));
      }
    }
    return messages;
  }

  private String report() throws IOException {
    List<String> waiting = waiting();
    assertEquals(1, waiting.size(), waiting.toString());
    String text = waiting.get(0);
    String mark = "boundary=\"";
    int at = text.indexOf(mark);
    String boundary = at < 0 ? "no MIME" : text.substring(at + mark.length()).split("\"", 2)[0];
    return text.replace(boundary, "B")
        .replaceAll("Date: .*", "Date: D")
        .replaceAll("\\(qmail [0-9]+ invoked by uid 1000\\); .*", "(qmail P invoked); D");
  }

  private long ended() {
    return bench.log().stream().filter(line -> line.startsWith("end msg ")).count();
  }

  @Test
  void oneReportTellsPeopleAndProgramsAll() throws Exception {
    var original =
        new RecipientOptions(Set.of(Notify.FAILURE), Optional.of("rfc822;Old+2Bone@old.example"));
    submit(
        SENDER,
        new MessageOptions(Optional.empty(), Optional.of("QQ+20314"), false),
        new Recipient("gone@v.example", original),
        to("here@here.example", Notify.SUCCESS),
        to("far@far.example", Notify.SUCCESS, Notify.FAILURE));
    answer(Map.of("joe-gone", NO, "far", TAKEN));
    assertEquals(
        """
        Date: D
        From: MAILER-DAEMON@here.example
        To: s@here.example
        Subject: failure notice
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
         boundary="B"
        Content-Transfer-Encoding: 8bit

        --B
        Content-Type: text/plain; charset=us-ascii
        Content-Transfer-Encoding: 8bit

        Hi. This is the qmail-send program at here.example.
        I'm afraid I wasn't able to deliver your message to the following addresses.
        This is a permanent error; I've given up. Sorry it didn't work out.

        <gone@v.example>:
        Sorry, no mailbox here by that name. (#5.1.1)

        Your message has been delivered to the following addresses.

        <here@here.example>:
        did 1+0+0

        Your message has been passed on for the following addresses, to servers that
        do not tell whether they deliver it.

        <far@far.example>:
        192.0.2.1 accepted message.
        Remote host said: 250 2.1.5 ok


        --B
        Content-Type: message/delivery-status

        Reporting-MTA: dns; here.example
        Original-Envelope-Id: QQ 314
        Arrival-Date: D

        Original-Recipient: rfc822;Old+one@old.example
        Final-Recipient: rfc822; gone@v.example
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: x-qmail; Sorry, no mailbox here by that name. (#5.1.1)

        Final-Recipient: rfc822; here@here.example
        Action: delivered
        Status: 2.0.0

        Final-Recipient: rfc822; far@far.example
        Action: relayed
        Status: 2.1.5
        Remote-MTA: dns; [192.0.2.1]
        Diagnostic-Code: smtp; 250 2.1.5 ok

        --B
        Content-Type: message/rfc822
        Content-Transfer-Encoding: 8bit

        Return-Path: <s@here.example>
        Received: (qmail P invoked); D
        Subject: x
        X-Two: a
          b

        --body

        --B--
        """,
        report());
    assertEquals("", bench.open().get(0).attempt.sender().address());
    assertEquals(MessageOptions.NONE, bench.open().get(0).attempt.options());
    assertEquals(1, ended());
  }

  @Test
  void failuresThatNobodyWantsAreLeftOut() throws Exception {
    submit(
        SENDER,
        MessageOptions.NONE,
        to("never@here.example", Notify.NEVER),
        to("success@here.example", Notify.SUCCESS),
        to("delay@here.example", Notify.DELAY),
        to("failure@here.example", Notify.FAILURE, Notify.DELAY),
        to("plain@here.example"));
    answer(Map.of("never", NO, "success", NO, "delay", NO, "failure", NO, "plain", NO));
    String report = report();
    assertEquals(
        List.of("failure@here.example", "plain@here.example"),
        report
            .lines()
            .filter(line -> line.startsWith("Final-Recipient: "))
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .sorted()
            .toList());
    assertFalse(report.contains("never@"), report);
  }

  @Test
  void noReportIfNobodyWantsAny() throws Exception {
    submit(
        SENDER,
        MessageOptions.NONE,
        to("one@here.example", Notify.NEVER),
        to("two@here.example", Notify.SUCCESS));
    answer(Map.of("one", NO, "two", NO));
    assertEquals(List.of(), waiting());
    assertEquals(1, ended());
    assertEquals(0, bench.store.statistics().messages());
  }

  @Test
  void anOperatorsBounceHeedsNotifyToo() throws Exception {
    submit(
        SENDER,
        MessageOptions.NONE,
        to("one@here.example", Notify.NEVER),
        to("two@here.example", Notify.FAILURE));
    answer(
        Map.of(
            "one", new DeliveryResult.TempFail("x\n"), "two", new DeliveryResult.TempFail("x\n")));
    try (var all = bench.store.browse()) {
      var id = all.findFirst().orElseThrow().id();
      assertTrue(bench.store.apply(id, org.sluice.api.store.QueueAction.BOUNCE));
    }
    bench.flush.want();
    bench.await(Duration.ofSeconds(30), () -> bench.open().size() == 1);
    String report = report();
    assertTrue(report.contains("two@here.example"), report);
    assertFalse(report.contains("one@here.example"), report);
  }

  @Test
  void successIsTheHeaderOnlyAndCalledNoFailure() throws Exception {
    submit(
        SENDER,
        MessageOptions.NONE.withDsn(Optional.of(ReturnContent.FULL), Optional.empty()),
        to("one@here.example", Notify.SUCCESS),
        to("two@here.example"));
    answer(Map.of());
    String report = report();
    assertTrue(report.contains("\nSubject: delivery notice\n"), report);
    assertTrue(
        report.endsWith(
            "\nContent-Type: text/rfc822-headers\nContent-Transfer-Encoding: 8bit\n\n"
                + "Return-Path: <s@here.example>\nReceived: (qmail P invoked); D\n"
                + "Subject: x\nX-Two: a\n  b\n\n--B--\n"),
        report);
    assertFalse(report.contains("two@"), report);
    assertTrue(bench.log().stream().anyMatch(line -> line.startsWith("notice msg ")));
    assertTrue(bench.log().stream().noneMatch(line -> line.startsWith("bounce msg ")));
  }

  @Test
  void failuresBringBackWhatRetSays() throws Exception {
    submit(
        SENDER,
        MessageOptions.NONE.withDsn(Optional.of(ReturnContent.HDRS), Optional.empty()),
        to("one@here.example"));
    answer(Map.of("one", NO));
    String report = report();
    assertTrue(report.contains("\nContent-Type: text/rfc822-headers\n"), report);
    assertFalse(report.contains("--body"), report);
  }

  @Test
  void whatRequiresTlsComesBackSoAndWithoutItsBody() throws Exception {
    var options = MessageOptions.NONE.withRequireTls(true);
    submit(
        SENDER,
        options.withDsn(Optional.of(ReturnContent.FULL), Optional.empty()),
        to("one@here.example"));
    answer(Map.of("one", NO));
    String report = report();
    assertTrue(report.contains("\nContent-Type: text/rfc822-headers\n"), report);
    assertTrue(report.contains("\nSubject: x\n") && !report.contains("--body"), report);
    assertEquals(options, bench.open().get(0).attempt.options());
    // Likewise what is made of the report if that fails.
    answer(Map.of("s", NO));
    String twice = report();
    assertTrue(
        twice.contains("--- Below this line is the header of the original bounce.\n"), twice);
    assertTrue(twice.endsWith("\nContent-Transfer-Encoding: 8bit\n"), twice);
    assertEquals("#@[]", bench.open().get(0).attempt.sender().address());
    assertEquals(options, bench.open().get(0).attempt.options());
  }

  @Test
  void aHostThatTellsItselfLeavesNothingToTell() throws Exception {
    submit(SENDER, MessageOptions.NONE, to("far@far.example", Notify.SUCCESS));
    assertEquals(Set.of(Notify.SUCCESS), bench.open().get(0).attempt.recipientOptions().notifyOn());
    answer(Map.of("far", new DeliveryResult.Delivered("taken\n", true)));
    assertEquals(List.of(), waiting());
    assertEquals(1, ended());
  }

  @Test
  void mailWithoutASenderIsNeverReportedOn() throws Exception {
    for (String sender : List.of("", "-@[]", "#@[]")) {
      submit(sender, MessageOptions.NONE, to("one@here.example", Notify.SUCCESS));
      answer(Map.of());
      assertEquals(List.of(), waiting());
    }
    assertEquals(3, ended());
    submit("", MessageOptions.NONE, to("one@here.example", Notify.SUCCESS, Notify.FAILURE));
    answer(Map.of("one", NO));
    String bounce = report(); // the postmaster gets what the postmaster has always got
    assertTrue(bounce.contains("but the bounce bounced!"), bounce);
    assertFalse(bounce.contains("multipart"), bounce);
    assertEquals("#@[]", bench.open().get(0).attempt.sender().address());
  }

  @Test
  void theListOwnerIsToldOfSuccess() throws Exception {
    submit("own-@here.example-@[]", MessageOptions.NONE, to("one@here.example", Notify.SUCCESS));
    answer(Map.of());
    assertTrue(report().contains("To: own-@here.example\n"));
    assertEquals("own-@here.example", bench.open().get(0).attempt.recipient());
  }

  @Test
  void aReportThatCannotBeQueuedIsSentLaterAndOnce() throws Exception {
    submit(SENDER, MessageOptions.NONE, to("one@here.example", Notify.SUCCESS));
    bench.failing.add("commit");
    answer(Map.of());
    assertEquals(List.of(), waiting());
    assertEquals(1, bench.store.statistics().messages());
    assertEquals(0, ended());
    stop();
    bench = new Bench(home);
    bench.connect();
    bench.await(Duration.ofSeconds(30), () -> bench.open().size() == 1);
    assertTrue(report().contains("\nAction: delivered\n"));
    answer(Map.of());
    assertEquals(List.of(), waiting());
    assertEquals(2, ended());
    assertEquals(0, bench.store.statistics().messages());
  }

  @Test
  void utf8MailHasTheTypesOfItsOwn() throws Exception {
    String sender = bytes("\u00fcs@here.example");
    submit(
        sender,
        MessageOptions.NONE.withSmtpUtf8(true),
        to(bytes("\u00e4@far.example")),
        to("ascii@far.example"));
    answer(Map.of(bytes("\u00e4"), NO, "ascii", NO));
    String report = report();
    assertTrue(report.contains("\nContent-Type: message/global-delivery-status\n"), report);
    assertTrue(
        report.contains("\nFinal-Recipient: utf-8; " + bytes("\u00e4@far.example\n")), report);
    assertTrue(report.contains("\nFinal-Recipient: rfc822; ascii@far.example\n"), report);
    assertTrue(report.contains("\nContent-Type: message/global\n"), report);
    assertTrue(report.contains("\nContent-Type: text/plain; charset=utf-8\n"), report);
    assertTrue(bench.open().get(0).attempt.options().smtpUtf8());
    assertEquals(Channel.LOCAL, bench.open().get(0).channel);
  }

  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
