package org.sluice.listeners.qmtp.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.FilterPass;
import org.sluice.api.filter.Session;
import org.sluice.api.filter.Verdict;
import org.sluice.api.mail.ReversePath;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.base.BodySink;
import org.sluice.base.ListenerServices;
import org.sluice.base.Netstring;
import org.sluice.base.NetstringException;
import org.sluice.base.NetstringReader;
import org.sluice.base.NetstringSession;
import org.sluice.base.PrintableText;
import org.sluice.base.QmtpReply;
import org.sluice.base.QueueStatus;
import org.sluice.base.Received;
import org.sluice.base.Submission;

/** One message: three netstrings in, a netstring for each recipient out (spec 20 section 8.3). */
final class Message {
  private static final Logger LOG = LoggerFactory.getLogger(Message.class);

  /** Addresses of this many octets or more are refused. */
  static final int ADDRESS = 1_000;

  private static final String TOO_LONG =
      "Dsorry, that message size exceeds my databytes limit (#5.3.4)";
  private static final String BAD_SENDER = "Dunacceptable sender (#5.1.7)";
  private static final String AWAY = "Zfilters are being replaced, try again (#4.3.2)";

  private final ListenerServices services;
  private final Settings settings;
  private final Session session;
  private final MailQueue queue;
  private final int maxRecipients;
  private final NetstringReader in;
  private final OutputStream out;

  /** What all recipients are told whatever the queue says; the first reason counts. */
  private Optional<String> refusal;

  Message(
      ListenerServices services,
      Settings settings,
      Session session,
      Verdict connect,
      MailQueue queue,
      int maxRecipients,
      NetstringSession io) {
    this.services = services;
    this.settings = settings;
    this.session = session;
    this.queue = queue;
    this.maxRecipients = maxRecipients;
    this.in = io.in();
    this.out = io.out();
    refusal = QmtpReply.refusal(connect);
  }

  /**
   * Reads and answers it.
   *
   * @throws QueueException if the queue cannot be opened, or the recipients cannot be judged
   */
  void receive() throws IOException, InterruptedException {
    long length = in.length();
    if (length == 0) {
      throw NetstringException.malformed("a message without its encoding");
    }
    try (Draft draft = queue.open(Origin.NETWORK)) {
      var body = new BodySink(draft.body());
      int encoding = in.octet();
      if (encoding != '\n' && encoding != '\r') {
        throw NetstringException.malformed("a message of unknown encoding");
      }
      body.write(
          Received.line(
              session.environment(), Optional.empty(), "QMTP", services.clock().instant()));
      if (text(encoding, length - 1, body)) {
        refusal = Optional.of(TOO_LONG);
      }
      in.comma();
      envelope(draft, body);
    }
  }

  /** Reads the text; whether it is longer than databytes. */
  private boolean text(int encoding, long length, BodySink body) throws IOException {
    long limit = settings.dataBytes();
    if (encoding == '\r') {
      return new LineEnds().decode(in, length, body, limit);
    }
    boolean tooLong = limit > 0 && length > limit;
    if (tooLong) {
      body.fail();
    }
    in.copy(length, body);
    return tooLong;
  }

  private void envelope(Draft draft, BodySink body) throws IOException, InterruptedException {
    Optional<String> sender = sender();
    in.comma();
    // The size beats the sender, and both beat what filters and queue say.
    if (sender.isEmpty() && !refusal.equals(Optional.of(TOO_LONG))) {
      refusal = Optional.of(BAD_SENDER);
    }
    var chain = services.chain();
    if (refusal.isPresent() || chain.isEmpty()) {
      answer(recipients(Optional.empty()), refusal.orElse(AWAY));
      return;
    }
    try (var pass = chain.get().begin(session, new ReversePath(sender.get()))) {
      refusal = QmtpReply.refusal(pass.sender());
      var recipients = recipients(Optional.of(pass).filter(p -> refusal.isEmpty()));
      boolean wanted = refusal.isEmpty() && recipients.accepted() > 0;
      answer(recipients, wanted ? result(pass, draft, body) : refusal.orElse(""));
    }
  }

  /** Empty if it is unacceptable. */
  private Optional<String> sender() throws IOException {
    long length = in.length();
    if (length >= ADDRESS) {
      in.skip(length);
      return Optional.empty();
    }
    String sender = new String(in.octets((int) length), StandardCharsets.ISO_8859_1);
    return Optional.of(sender).filter(s -> s.indexOf(0) < 0);
  }

  private Recipients recipients(Optional<FilterPass> pass)
      throws IOException, InterruptedException {
    var recipients = new Recipients(settings, maxRecipients, pass);
    recipients.read(in);
    in.comma();
    return recipients;
  }

  private void answer(Recipients recipients, String result) throws IOException {
    for (String answer : recipients.answers()) {
      out.write(Netstring.of(answer.isEmpty() ? result : answer));
    }
  }

  private String result(FilterPass pass, Draft draft, BodySink body) throws InterruptedException {
    try {
      if (body.trouble().isPresent()) {
        throw body.trouble().get();
      }
      var outcome = Submission.finish(session.id(), pass, queue, draft);
      return QmtpReply.of(outcome, services.clock().instant());
    } catch (QueueException e) {
      String why = PrintableText.of(String.valueOf(e.getMessage()), ' '); // a program's, perhaps
      LOG.warn("{}: not queued: {}", session.id(), why);
      return QmtpReply.of(QueueStatus.of(e));
    }
  }
}
