package org.sluice.queue.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.sluice.api.control.Control;
import org.sluice.api.mail.DeliverBy;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.HeaderField;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReturnContent;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.queue.Origin;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.ReportedAction;
import org.sluice.base.MailDate;
import org.sluice.base.Quote;
import org.sluice.base.Xtext;

/**
 * The report to a sender who has asked for something: for people, for programs (RFC 3464), and what
 * it is about, in one MIME message (RFC 6522). Mail with SMTPUTF8 has the types of RFC 6533.
 */
final class StatusReport {
  private static final String DELIVERED =
      """
      Your message has been delivered to the following addresses.
      """;
  private static final String RELAYED =
      """
      Your message has been passed on for the following addresses, to servers that
      do not tell whether they deliver it.
      """;
  private static final String TRACED =
      """
      Your message has been passed on to the next server for the following addresses.
      """;
  private static final String DELAYED =
      """
      Your message has not been delivered yet to the following addresses.
      You need not do anything: I keep trying.
      """;

  private final QueueService queue;
  private final Control control;
  private final Rewriter rewriter;
  private final Lease lease;
  private final List<LeasedRecipient> told;
  private final boolean utf8;

  /** The report on some recipients of a message that is finished, or late. */
  StatusReport(QueueService queue, Control control, Lease lease, List<LeasedRecipient> told) {
    this.queue = queue;
    this.control = control;
    this.rewriter = new Rewriter(control);
    this.lease = lease;
    this.told = told.stream().sorted(Comparator.comparing(LeasedRecipient::action)).toList();
    this.utf8 = lease.options().smtpUtf8();
  }

  /** Queues it; returns when it is as safe as any other mail. */
  void send(MessageSource original, String to) throws IOException {
    boolean failures = any(ReportedAction.FAILED);
    String boundary = UUID.randomUUID().toString(); // nobody can have it in the message already
    var options =
        MessageOptions.NONE
            .withSmtpUtf8(utf8 && !DeliveryStatus.ascii(to))
            .withRequireTls(lease.options().requireTls());
    try (var draft = queue.own(options).open(Origin.BOUNCE)) {
      OutputStream out = draft.body();
      out.write(bytes(head(to, failures, boundary)));
      out.write(bytes("\n--" + boundary + "\n" + people()));
      out.write(bytes("\n--" + boundary + "\n" + programs()));
      out.write(bytes("\n--" + boundary + "\n"));
      original(original, failures, out);
      out.write(bytes("\n--" + boundary + "--\n"));
      draft.commit(new Envelope(ReversePath.NULL, List.of(new Recipient(to)), options));
      if (failures) {
        queue.log().bounce(lease.id(), draft.process());
      } else {
        queue.log().notice(lease.id(), draft.process());
      }
    }
  }

  private boolean any(ReportedAction action) {
    return told.stream().anyMatch(r -> r.action() == action);
  }

  private String head(String to, boolean failures, String boundary) throws IOException {
    boolean delays = any(ReportedAction.DELAYED);
    return "Date: "
        + MailDate.rfc822(queue.now())
        + "\nFrom: "
        + Quote.quote(control.line("bouncefrom").orElse("MAILER-DAEMON"))
        + "@"
        + control.lineOrMe("bouncehost")
        + "\nTo: "
        + Quote.address(to)
        + "\nSubject: "
        + (failures ? "failure notice" : delays ? "delay notice" : "delivery notice")
        + "\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        + "Content-Type: multipart/report; report-type=delivery-status;\n boundary=\""
        + boundary
        + "\"\nContent-Transfer-Encoding: 8bit\n";
  }

  private String people() throws IOException {
    var text = new StringBuilder("Hi. This is the qmail-send program at ");
    text.append(control.lineOrMe("bouncehost")).append(".\n");
    section(text, ReportedAction.FAILED, Bouncer.SINGLE);
    section(text, ReportedAction.DELIVERED, DELIVERED);
    boolean traced = lease.options().deliverBy().isPresent();
    section(text, ReportedAction.RELAYED, traced ? TRACED : RELAYED);
    section(text, ReportedAction.DELAYED, DELAYED);
    String all = text.toString();
    String charset =
        DeliveryStatus.ascii(all)
            ? "us-ascii"
            : DeliveryStatus.isUtf8(all) ? "utf-8" : "unknown-8bit";
    return "Content-Type: text/plain; charset="
        + charset
        + "\nContent-Transfer-Encoding: 8bit\n\n"
        + all;
  }

  /** Those of whom the same is told, in the order in which it happened. */
  private void section(StringBuilder text, ReportedAction action, String intro) throws IOException {
    String before = intro + "\n";
    for (LeasedRecipient recipient : told) {
      if (recipient.action() == action) {
        String address = rewriter.withoutPrefix(recipient.address());
        text.append(before).append(Bouncer.entry(address, recipient.report()));
        before = "";
      }
    }
  }

  private String programs() throws IOException {
    var text = new StringBuilder("Content-Type: message/");
    text.append(
        utf8
            ? "global-delivery-status\nContent-Transfer-Encoding: 8bit\n\n"
            : "delivery-status\n\n");
    text.append("Reporting-MTA: dns; ");
    text.append(DeliveryStatus.line(control.lineOrMe("me"), false)).append('\n');
    lease
        .options()
        .envelopeId()
        .map(id -> DeliveryStatus.line(Xtext.decode(id).orElse(id), false))
        .ifPresent(id -> text.append("Original-Envelope-Id: ").append(id).append('\n'));
    text.append("Arrival-Date: ").append(MailDate.rfc822(lease.birth())).append('\n');
    Optional<DeliverBy> by = lease.options().deliverBy();
    by.map(DeliverBy::deadline)
        .ifPresent(d -> text.append("Deliver-By-Date: ").append(MailDate.rfc822(d)).append('\n'));
    for (LeasedRecipient recipient : told) {
      String address = rewriter.withoutPrefix(recipient.address());
      text.append('\n').append(DeliveryStatus.fields(recipient, address, utf8));
      if (recipient.action() == ReportedAction.DELAYED) {
        text.append("Will-Retry-Until: ").append(MailDate.rfc822(end())).append('\n');
      }
    }
    return text.toString();
  }

  /** When it is given up. */
  private Instant end() throws IOException {
    Instant end = lease.birth().plusSeconds(Dispatcher.lifetime(control));
    return lease
        .options()
        .deliverBy()
        .filter(by -> by.mode() == DeliverBy.Mode.RETURN && by.deadline().isBefore(end))
        .map(DeliverBy::deadline)
        .orElse(end);
  }

  /**
   * Of a success or a delay only the header comes back, whatever RET says (RFC 3461 section 4.3);
   * likewise of a message with REQUIRETLS (RFC 8689 section 5).
   */
  private void original(MessageSource message, boolean failures, OutputStream out)
      throws IOException {
    boolean full =
        failures
            && !lease.options().requireTls()
            && lease.options().returnContent().orElse(ReturnContent.FULL) == ReturnContent.FULL;
    String type =
        full
            ? utf8 ? "message/global" : "message/rfc822"
            : utf8 ? "message/global-headers" : "text/rfc822-headers";
    String path = Quote.address(Telling.to(lease));
    out.write(
        bytes(
            "Content-Type: %s\nContent-Transfer-Encoding: 8bit\n\nReturn-Path: <%s>\n"
                .formatted(type, path)));
    if (full) {
      try (InputStream in = message.open()) {
        in.transferTo(out);
      }
    } else {
      header(message, out);
    }
  }

  static void header(MessageSource message, OutputStream out) throws IOException {
    for (HeaderField field : message.header().fields()) {
      out.write(bytes(field.name() + ":" + field.body() + "\n"));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
