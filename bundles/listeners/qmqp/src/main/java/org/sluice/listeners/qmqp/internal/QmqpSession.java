package org.sluice.listeners.qmqp.internal;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sluice.api.filter.Session;
import org.sluice.api.net.Connection;
import org.sluice.api.program.ExitCode;
import org.sluice.api.queue.Draft;
import org.sluice.api.queue.MailQueue;
import org.sluice.api.queue.Origin;
import org.sluice.api.queue.QueueException;
import org.sluice.base.BodySink;
import org.sluice.base.ListenerServices;
import org.sluice.base.Netstring;
import org.sluice.base.NetstringReader;
import org.sluice.base.NetstringSession;
import org.sluice.base.PrintableText;
import org.sluice.base.QmtpReply;
import org.sluice.base.QueueStatus;
import org.sluice.base.Received;
import org.sluice.base.Submission;

/** One connection: one message, one answer (spec 20 section 9). Used by one thread. */
final class QmqpSession {
  private static final Logger LOG = LoggerFactory.getLogger(QmqpSession.class);

  /** The outer length and its colon are to be found in this many octets. */
  private static final int START = 100;

  private static final String AWAY = "Zfilters are being replaced, try again (#4.3.2)";

  private final Connection connection;
  private final ListenerServices services;
  private final Supplier<Optional<MailQueue>> queue;
  private final int maxRecipients;

  /**
   * A session.
   *
   * @param queue where the message goes
   */
  QmqpSession(
      Connection connection,
      ListenerServices services,
      Supplier<Optional<MailQueue>> queue,
      int maxRecipients) {
    this.connection = connection;
    this.services = services;
    this.queue = queue;
    this.maxRecipients = maxRecipients;
  }

  /** Serves to the end; qmail-qmqpd's exit status. */
  int run() throws InterruptedException {
    return NetstringSession.run(connection, services.clock(), this::serve);
  }

  private void serve(NetstringSession io) throws IOException, InterruptedException {
    if (!io.next()) {
      return;
    }
    NetstringReader in = io.in();
    in.limit(START);
    in.limit(in.length());
    long length = in.length();
    MailQueue target =
        queue.get().orElseThrow(() -> new QueueException(ExitCode.QUEUE, "there is no queue"));
    try (Draft draft = target.open(Origin.NETWORK)) {
      var body = new BodySink(draft.body());
      body.write(
          Received.line(
              connection.environment(), Optional.empty(), "QMQP", services.clock().instant()));
      in.copy(length, body);
      in.comma();
      Envelope envelope = Envelope.read(in, maxRecipients);
      in.limit(1);
      in.comma();
      String answer = envelope.refusal().orElse("");
      if (answer.isEmpty()) {
        answer = submit(envelope, body, target, draft);
      }
      io.out().write(Netstring.of(answer));
    }
  }

  private String submit(Envelope envelope, BodySink body, MailQueue target, Draft draft)
      throws InterruptedException {
    var chain = services.chain();
    if (chain.isEmpty()) {
      return AWAY;
    }
    var session =
        new Session(
            connection.id(),
            "qmqp",
            connection.environment(),
            Optional.empty(),
            services.clock().instant());
    Optional<String> refusal = QmtpReply.refusal(chain.get().connect(session));
    if (refusal.isPresent()) {
      return refusal.get();
    }
    try (var pass = chain.get().begin(session, envelope.sender())) {
      refusal = QmtpReply.refusal(pass.sender());
      // There is one answer for all: what refuses one recipient refuses the message.
      for (var to = envelope.recipients().iterator(); refusal.isEmpty() && to.hasNext(); ) {
        refusal = QmtpReply.refusal(pass.recipient(to.next()));
      }
      if (refusal.isPresent()) {
        return refusal.get();
      }
      if (body.trouble().isPresent()) {
        throw body.trouble().get();
      }
      var outcome = Submission.finish(connection.id(), pass, target, draft);
      return QmtpReply.of(outcome, services.clock().instant());
    } catch (QueueException e) {
      String why = PrintableText.of(String.valueOf(e.getMessage()), ' '); // a program's, perhaps
      LOG.warn("{}: not queued: {}", connection.id(), why);
      return QmtpReply.of(QueueStatus.of(e));
    }
  }
}
