package org.sluice.queue.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.sluice.api.control.Control;
import org.sluice.api.mail.Envelope;
import org.sluice.api.mail.MessageOptions;
import org.sluice.api.mail.MessageSource;
import org.sluice.api.mail.Recipient;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.queue.Origin;
import org.sluice.api.store.Lease;
import org.sluice.api.store.LeasedRecipient;
import org.sluice.api.store.QueueStore;
import org.sluice.base.MailDate;
import org.sluice.base.Quote;

/** Tells senders of failures (spec 10 section 8). */
final class Bouncer {
  /** When trouble with a bounce is looked at again. */
  private static final long RETRY_SECONDS = 123;

  static final String SINGLE =
      """
      I'm afraid I wasn't able to deliver your message to the following addresses.
      This is a permanent error; I've given up. Sorry it didn't work out.
      """;
  private static final String DOUBLE =
      "I tried to deliver a bounce message to this address, but the bounce bounced!\n";

  private final QueueService queue;
  private final Passes passes;

  Bouncer(QueueService queue, Passes passes) {
    this.queue = queue;
    this.passes = passes;
  }

  /**
   * Sends the bounce of one finished message and ends it. One that cannot be handed in is tried
   * again some time later; one that has been is sent again if that cannot be written down, so that
   * is insisted on.
   *
   * @throws IOException if it is sent, and cannot be written down for good
   */
  void bounce(Pass pass) throws IOException {
    QueueStore store = pass.store();
    Lease lease = pass.lease();
    try {
      send(store, lease);
    } catch (Throwable e) {
      Quietly.run(queue.log()::bounceTrouble);
      Quietly.warn("bounce of message " + lease.id() + " not queued", e);
      // Given back, not settled: settling would end the message without its bounce.
      store.giveBack(lease, queue.now().plusSeconds(RETRY_SECONDS));
      return;
    }
    passes.insist(pass, () -> store.settle(lease, List.of(), Optional.of(Instant.EPOCH)));
    queue.log().end(lease.id());
  }

  /**
   * Tells of the recipients of a pass that are late, once all of it has been tried, and then that
   * they have been told of goes into the store with the end of the pass. What cannot be handed in
   * is tried again with them some time later. Throws nothing.
   */
  void tellLate(Pass pass) {
    List<LeasedRecipient> late = pass.toTell();
    if (late.isEmpty()) {
      return;
    }
    Lease lease = pass.lease();
    var retryAt = Optional.of(queue.now().plusSeconds(RETRY_SECONDS));
    try {
      new StatusReport(queue, control(), lease, late)
          .send(pass.store().message(lease.id()), Telling.to(lease));
      retryAt = Optional.empty();
    } catch (Throwable e) {
      Quietly.run(queue.log()::bounceTrouble);
      Quietly.warn("delay of message " + lease.id() + ": notice not queued", e);
    } finally {
      pass.told(late, retryAt);
    }
  }

  private Control control() throws IOException {
    Control control = queue.control();
    if (control == null) {
      throw new IOException("no control files");
    }
    return control;
  }

  private void send(QueueStore store, Lease lease) throws IOException {
    String sender = Telling.to(lease);
    List<LeasedRecipient> told = Telling.of(lease);
    if (told.isEmpty()) {
      return;
    }
    if (sender.equals(ReversePath.DOUBLE_BOUNCE.address())) {
      queue.log().tripleBounce(lease.id());
      return;
    }
    Control control = control();
    boolean twice = sender.isEmpty();
    if (!twice && Telling.asked(lease, told)) {
      new StatusReport(queue, control, lease, told).send(store.message(lease.id()), sender);
      return;
    }
    String to =
        twice
            ? control.line("doublebounceto").orElse("postmaster")
                + "@"
                + control.lineOrMe("doublebouncehost")
            : sender;
    boolean secret = lease.options().requireTls();
    var options = MessageOptions.NONE.withRequireTls(secret);
    try (var draft = queue.own(options).open(Origin.BOUNCE)) {
      OutputStream out = draft.body();
      out.write(bytes(head(control, to, twice)));
      for (LeasedRecipient recipient : told) {
        out.write(bytes(entry(control, recipient)));
      }
      // What was to be sent over TLS only comes back in the same way, without the body (RFC 8689
      // section 5). A sender is sent a StatusReport, so this is about a bounce.
      String line = twice ? "the original bounce." : "a copy of the message.";
      out.write(
          bytes("--- Below this line is " + (secret ? "the header of " : "") + line + "\n\n"));
      out.write(bytes("Return-Path: <" + Quote.address(sender) + ">\n"));
      copy(store.message(lease.id()), secret, out);
      var from = twice ? ReversePath.DOUBLE_BOUNCE : ReversePath.NULL;
      draft.commit(new Envelope(from, List.of(new Recipient(to)), options));
      Quietly.run(() -> queue.log().bounce(lease.id(), draft.process()));
    }
  }

  private static void copy(MessageSource message, boolean headerOnly, OutputStream out)
      throws IOException {
    if (headerOnly) {
      StatusReport.header(message, out);
      return;
    }
    try (InputStream in = message.open()) {
      in.transferTo(out);
    }
  }

  private String head(Control control, String to, boolean twice) throws IOException {
    String host = control.lineOrMe("bouncehost");
    return "Date: "
        + MailDate.rfc822(queue.now())
        + "\nFrom: "
        + Quote.quote(control.line("bouncefrom").orElse("MAILER-DAEMON"))
        + "@"
        + host
        + "\nTo: "
        + Quote.address(to)
        + "\nSubject: failure notice\n\nHi. This is the qmail-send program at "
        + host
        + ".\n"
        + (twice ? DOUBLE : SINGLE)
        + "\n";
  }

  private String entry(Control control, LeasedRecipient recipient) throws IOException {
    String address = new Rewriter(control).withoutPrefix(recipient.address());
    return entry(address, recipient.report());
  }

  /** One failed recipient (spec 10 section 8.2). */
  static String entry(String address, String report) {
    var text = new StringBuilder("<").append(address.replace('\n', '_')).append(">:\n");
    text.append(report);
    if (!report.isEmpty() && !report.endsWith("\n")) {
      text.append('\n');
    }
    for (int i = text.length() - 2; i > 0; i--) {
      if (text.charAt(i) == '\n' && text.charAt(i - 1) == '\n') {
        text.setCharAt(i, '/');
      }
    }
    return text.append('\n').toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
